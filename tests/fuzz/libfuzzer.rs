//! libFuzzer on one of the targets, which `FUZZ_TARGET` names. scripts/fuzz.js builds it with coverage and runs it.

#![no_main]

mod mutation;
mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mutation::{Random, mutate_der};
use targets::{TARGETS, Target};

static TARGET: OnceLock<&'static Target> = OnceLock::new();

/// Every so many changes one is libFuzzer's own, which knows nothing of DER, but of what the code compares with.
const OWN_CHANGES: u32 = 3;

fn target() -> &'static Target {
    TARGET.get_or_init(|| {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            eprintln!("FUZZ_TARGET must be one of: {}", names.join(", "));
            std::process::exit(2);
        };
        target
    })
}

fuzz_target!(|bytes: &[u8]| (target().run)(bytes));

fuzz_mutator!(|bytes: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let changed = match seed % OWN_CHANGES {
        0 => None,
        _ => mutate_der(&bytes[..size], target().header, &mut Random::new(seed.into())),
    };
    match changed.filter(|changed| changed.len() <= max_size) {
        Some(changed) => {
            bytes[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        None => fuzzer_mutate(bytes, size, max_size),
    }
});
