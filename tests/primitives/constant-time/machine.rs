//! Runs a module, and notes where what happens depends on secrets.

use crate::bits::{self, Bits};
use crate::code::{Code, Failure, Step, Target};
use crate::leaks::{Kind, Leaks, Site};
use crate::memory::Memory;
use crate::module::{Function, Module};
use crate::numeric::{Numeric, doubles};
use crate::random::Random;
use crate::word::{self, Word};

/// Where the imports are by which a module tells of secrets.
const IMPORTS: &str = "constant-time";

/// What the function is called that gives public results of whatever it takes: of src/crypto/kernels/verdict.rs.
const DECLASSIFY: &str = "isomorphic_tls_kernels::verdict::declassify";

/// Calls within calls, at most.
const DEPTH: usize = 1000;

/// A module that runs.
pub struct Machine<'a> {
    module: &'a Module,
    memory: Memory,
    globals: Vec<Word>,
    stack: Vec<Word>,
    calls: Vec<usize>,
    declassify: Option<usize>,
    random: Random,
    /// How many instructions were run.
    pub instructions: u64,
    /// What was found.
    pub leaks: Leaks,
}

impl<'a> Machine<'a> {
    /// A module before it has run.
    pub fn new(module: &'a Module, seed: u32) -> Result<Self, Failure> {
        let mut machine = Self {
            module,
            memory: module.memory()?,
            globals: module.globals.iter().copied().map(Word::public).collect(),
            stack: Vec::new(),
            calls: Vec::new(),
            declassify: (0..module.functions.len()).find(|index| module.name(*index) == DECLASSIFY),
            random: Random::new(seed),
            instructions: 0,
            leaks: Leaks::new(),
        };
        if let Some(start) = module.start {
            machine.call(start)?;
        }
        Ok(machine)
    }

    /// Run an exported function that takes nothing: the number that it gives, if it gives one.
    pub fn run(&mut self, function: usize) -> Result<Option<u64>, Failure> {
        self.stack.clear();
        self.call(function)?;
        Ok(self.stack.last().map(|word| word.value as u64))
    }

    fn pop(&mut self) -> Word {
        self.stack.pop().unwrap_or(Word::public(0))
    }

    fn leak(&mut self, step: usize, kind: Kind) {
        let function = self.calls.last().copied().unwrap_or_default();
        let found = self.leaks.entry(Site { function, step, kind }).or_default();
        if found.times == 0 {
            found.callers.clone_from(&self.calls);
        }
        found.times += 1;
    }

    /// A popped number that must not be secret.
    fn pop_public(&mut self, step: usize, kind: Kind) -> u32 {
        let number = self.pop();
        if number.is_secret() {
            self.leak(step, kind);
        }
        number.value as u32
    }

    fn pop_address(&mut self, step: usize, offset: u64) -> usize {
        (u64::from(self.pop_public(step, Kind::Address)) + offset) as usize
    }

    fn call(&mut self, index: usize) -> Result<(), Failure> {
        match self.module.functions.get(index).ok_or("no such function")? {
            Function::Imported(module, name, parameters, results) => {
                if self.stack.len() < *parameters {
                    return Err("too few arguments".to_owned());
                }
                let arguments = self.stack.split_off(self.stack.len() - parameters);
                self.import(module, name, &arguments)?;
                self.stack.resize(self.stack.len() + results, Word::public(0));
                Ok(())
            }
            Function::Own(code) => {
                if self.calls.len() == DEPTH {
                    return Err("too many calls within calls".to_owned());
                }
                self.calls.push(index);
                let result = self.execute(code).map_err(|(step, failure)| self.failure(code, step, &failure));
                self.calls.pop();
                if self.declassify == Some(index) {
                    let results = self.stack.len().saturating_sub(code.results);
                    self.stack[results..].iter_mut().for_each(|word| word.secret = 0);
                }
                result
            }
        }
    }

    /// A failure, with where it was: callers add nothing.
    fn failure(&self, code: &Code, step: usize, failure: &str) -> Failure {
        if failure.contains(" in ") {
            return failure.to_owned();
        }
        let (offset, name) = &code.origins[step];
        let function = self.module.name(self.calls.last().copied().unwrap_or_default());
        format!("{failure}: {name} in {function}, at {offset:#x}")
    }

    /// What the surroundings do.
    fn import(&mut self, module: &str, name: &str, arguments: &[Word]) -> Result<(), Failure> {
        if module != IMPORTS || arguments.iter().any(|word| word.is_secret()) {
            return Err(format!("a call of {module}.{name}, which is not there"));
        }
        let [place, length] = arguments else { return Err(format!("{name} takes an address and a length")) };
        let (place, length) = (place.value as usize, length.value as usize);
        match name {
            "classify" => self.memory.mark(place, length, true),
            "declassify" => self.memory.mark(place, length, false),
            "random" => self.memory.write(place, &self.random.bytes(length)),
            _ => return Err(format!("a call of {module}.{name}, which is not there")),
        }
        .ok_or_else(|| OUT_OF_BOUNDS.to_owned())
    }

    fn jump(&mut self, base: usize, target: &Target) -> usize {
        let from = self.stack.len() - target.keep;
        let to = base + target.height;
        if from != to {
            self.stack.copy_within(from.., to);
            self.stack.truncate(to + target.keep);
        }
        target.step
    }

    /// Run a function whose arguments are on the stack, until its results are there in their place.
    fn execute(&mut self, code: &Code) -> Result<(), (usize, Failure)> {
        let base = self.stack.len() - code.parameters;
        self.stack.resize(base + code.parameters + code.locals, Word::public(0));
        let mut next = 0;
        loop {
            let here = next;
            let Some(step) = code.steps.get(here) else { return Err((0, "the code ends".to_owned())) };
            next += 1;
            self.instructions += 1;
            match step {
                Step::Constant(value) => self.stack.push(Word::public(*value)),
                Step::LocalGet(index) => self.stack.push(self.stack[base + index]),
                Step::LocalSet(index) => {
                    let value = self.pop();
                    self.stack[base + index] = value;
                }
                Step::LocalTee(index) => self.stack[base + index] = self.stack[self.stack.len() - 1],
                Step::GlobalGet(index) => self.stack.push(self.globals[*index]),
                Step::GlobalSet(index) => self.globals[*index] = self.pop(),
                Step::Numeric(function) => {
                    self.numeric(function, here).ok_or_else(|| (here, "a division that traps".to_owned()))?;
                }
                Step::Select => {
                    let (condition, no, yes) = (self.pop(), self.pop(), self.pop());
                    if condition.is_secret() {
                        self.leak(here, Kind::Select);
                    }
                    self.stack.push(bits::choose(Bits::truncate(condition), yes, no));
                }
                Step::Drop => {
                    self.pop();
                }
                Step::Jump(target) => next = self.jump(base, target),
                Step::JumpIf(target) => {
                    if self.pop_public(here, Kind::Branch) != 0 {
                        next = self.jump(base, target);
                    }
                }
                Step::JumpUnless(to) => {
                    if self.pop_public(here, Kind::Branch) == 0 {
                        next = *to;
                    }
                }
                Step::JumpTable(targets) => {
                    let index = self.pop_public(here, Kind::Branch) as usize;
                    next = self.jump(base, &targets[index.min(targets.len() - 1)]);
                }
                Step::Call(index) => self.call(*index).map_err(|failure| (here, failure))?,
                Step::CallIndirect(kind, table) => {
                    self.call_indirect(*kind, *table, here).map_err(|failure| (here, failure))?;
                }
                Step::Return => {
                    let from = self.stack.len() - code.results;
                    self.stack.copy_within(from.., base);
                    self.stack.truncate(base + code.results);
                    return Ok(());
                }
                Step::Unreachable => return Err((here, "a trap".to_owned())),
                Step::Unknown => return Err((here, "an instruction that is not implemented".to_owned())),
                _ => self.access(step, here).ok_or_else(|| (here, OUT_OF_BOUNDS.to_owned()))?,
            }
        }
    }

    fn call_indirect(&mut self, kind: usize, table: usize, step: usize) -> Result<(), Failure> {
        let index = self.pop_public(step, Kind::Call) as usize;
        let function = self.module.tables.get(table).and_then(|table| table.get(index).copied().flatten());
        let function = function.ok_or("a call of nothing")?;
        // Types are equal if their numbers are: linkers write each once.
        if self.module.types.get(function).copied() != Some(kind as u32) {
            return Err("a call of a function of another type".to_owned());
        }
        self.call(function)
    }

    /// Replace operands by the result.
    fn numeric(&mut self, function: &Numeric, step: usize) -> Option<()> {
        let result = match function {
            Numeric::Unary(function) => function(self.pop()),
            Numeric::Binary(function) => {
                let (b, a) = (self.pop(), self.pop());
                function(a, b)
            }
            Numeric::Ternary(function) => {
                let (c, b, a) = (self.pop(), self.pop(), self.pop());
                function(a, b, c)
            }
            Numeric::Division(function) => {
                let (b, a) = (self.pop(), self.pop());
                if a.is_secret() || b.is_secret() {
                    self.leak(step, Kind::Division);
                }
                function(a, b)?
            }
            Numeric::Lane(function, lane) => function(self.pop(), u32::from(*lane)),
            Numeric::SetLane(function, lane) => {
                let (b, a) = (self.pop(), self.pop());
                function(a, b, u32::from(*lane))
            }
            Numeric::Shuffle(indices) => {
                let (b, a) = (self.pop(), self.pop());
                word::shuffle(a, b, indices)
            }
            Numeric::Doubles(count, function) => {
                let mut operands = [Word::public(0); 3];
                for operand in operands[..usize::from(*count)].iter_mut().rev() {
                    *operand = self.pop();
                }
                let (result, odd) = doubles(*function, operands);
                if odd {
                    self.leak(step, Kind::Double);
                }
                result
            }
        };
        self.stack.push(result);
        Some(())
    }

    /// Read from a popped address. What a secret address chose is secret.
    fn load(&mut self, step: usize, bytes: usize, offset: u64) -> Option<Word> {
        let secret = self.stack.last().is_some_and(|word| word.is_secret());
        let place = self.pop_address(step, offset);
        let loaded = self.memory.load(place, bytes)?;
        Some(if secret { Word { secret: ones(bytes), ..loaded } } else { loaded })
    }

    /// What has to do with memory. Nothing where it is out of bounds.
    fn access(&mut self, step: &Step, here: usize) -> Option<()> {
        match step {
            Step::Load(bytes, widen, offset) => {
                let loaded = self.load(here, *bytes, *offset)?;
                self.stack.push(widen(loaded));
            }
            Step::Store(bytes, offset) => {
                let value = self.pop();
                let place = self.pop_address(here, *offset);
                self.memory.store(place, *bytes, value)?;
            }
            Step::LoadLane(bytes, lane, offset) => {
                let vector = self.pop();
                let loaded = self.load(here, *bytes, *offset)?;
                let at = u32::from(*lane) * *bytes as u32 * 8;
                let hole = !(ones(*bytes) << at);
                self.stack.push(Word {
                    value: vector.value & hole | loaded.value << at,
                    secret: vector.secret & hole | loaded.secret << at,
                });
            }
            Step::StoreLane(bytes, lane, offset) => {
                let vector = self.pop();
                let place = self.pop_address(here, *offset);
                let at = u32::from(*lane) * *bytes as u32 * 8;
                self.memory.store(place, *bytes, Word { value: vector.value >> at, secret: vector.secret >> at })?;
            }
            Step::MemorySize => self.stack.push(Word::public(self.memory.pages() as u128)),
            Step::MemoryGrow => {
                let pages = self.pop_public(here, Kind::Length) as usize;
                let before = self.memory.grow(pages).map_or(u32::MAX, |before| before as u32);
                self.stack.push(Word::public(before.into()));
            }
            Step::MemoryCopy => {
                let length = self.pop_public(here, Kind::Length) as usize;
                let from = self.pop_address(here, 0);
                let to = self.pop_address(here, 0);
                self.memory.copy(to, from, length)?;
            }
            Step::MemoryFill => {
                let length = self.pop_public(here, Kind::Length) as usize;
                let byte = self.pop();
                let place = self.pop_address(here, 0);
                self.memory.fill(place, byte, length)?;
            }
            _ => return None,
        }
        Some(())
    }
}

const OUT_OF_BOUNDS: &str = "an access out of bounds";

/// All bits of so many bytes.
fn ones(bytes: usize) -> u128 {
    u128::MAX >> (128 - 8 * bytes)
}
