//! `constant-time MODULE [SEED] [EXPORT...]`: runs exported functions of a WebAssembly module, whose inputs tell which bytes are secret,
//! and prints a line of JSON for each: what it returned, how many instructions it ran, and where a branch, an address, a length or a
//! division depends on a secret. `tests/primitives/constant-time.js` judges that. Without names: all whose name begins with `ct_`.

mod bits;
mod code;
mod leaks;
mod machine;
mod memory;
mod module;
mod numeric;
mod random;
#[cfg(test)]
mod tests;
mod word;

use std::process::ExitCode;

use code::Failure;
use machine::Machine;
use module::{Function, Module};

fn main() -> ExitCode {
    match report() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn report() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which module?")?;
    let seed: u32 = arguments.next().map_or(Ok(1), |seed| seed.parse()).map_err(|_| "the seed is no number")?;
    let names: Vec<String> = arguments.collect();
    let module = Module::decode(&std::fs::read(&file).map_err(|error| format!("{file}: {error}"))?)?;
    let wanted = |name: &String| if names.is_empty() { name.starts_with("ct_") } else { names.contains(name) };
    for (name, function) in module.exports.iter().filter(|(name, _)| wanted(name)) {
        println!("{}", line(&module, name, *function, seed));
    }
    Ok(())
}

/// A line of JSON of what happened in a run.
fn line(module: &Module, name: &str, function: usize, seed: u32) -> String {
    let mut machine = match Machine::new(module, seed) {
        Ok(machine) => machine,
        Err(failure) => return format!("{{\"name\":{name:?},\"failure\":{failure:?}}}"),
    };
    let outcome = match machine.run(function) {
        Ok(Some(value)) => format!("\"result\":\"{value}\""),
        Ok(None) => "\"result\":null".to_owned(),
        Err(failure) => format!("\"failure\":{failure:?}"),
    };
    let leaks: Vec<String> = machine
        .leaks
        .iter()
        .map(|(site, found)| {
            let callers: Vec<String> = found.callers.iter().map(|caller| format!("{:?}", module.name(*caller))).collect();
            let (offset, instruction) = match &module.functions[site.function] {
                Function::Own(code) => code.origins[site.step].clone(),
                Function::Imported(..) => (0, String::new()),
            };
            format!(
                "{{\"kind\":\"{}\",\"instruction\":\"{instruction}\",\"offset\":{offset},\"times\":{},\"callers\":[{}]}}",
                site.kind,
                found.times,
                callers.join(",")
            )
        })
        .collect();
    format!("{{\"name\":{name:?},{outcome},\"instructions\":{},\"leaks\":[{}]}}", machine.instructions, leaks.join(","))
}
