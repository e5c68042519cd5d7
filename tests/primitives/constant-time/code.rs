//! Functions as the machine runs them: a list of steps with jumps resolved.

use wasmparser::{BlockType, BrTable, FrameKind, FuncValidator, FunctionBody, MemArg, Operator, ValidatorResources};

use crate::numeric::{Numeric, numeric};
use crate::word::Word;

/// An error as text.
pub type Failure = String;

/// Where a branch goes, and what of the stack it keeps.
#[derive(Clone, Copy)]
pub struct Target {
    /// The step to go on with.
    pub step: usize,
    /// How many values the label takes.
    pub keep: usize,
    /// How many values are below those in the function's frame, locals included.
    pub height: usize,
}

/// How a load makes a word of the bytes.
pub type Widen = fn(Word) -> Word;

/// An instruction.
pub enum Step {
    /// Push a constant.
    Constant(u128),
    /// Push a local variable.
    LocalGet(usize),
    /// Pop into a local variable.
    LocalSet(usize),
    /// Copy into a local variable.
    LocalTee(usize),
    /// Push a global variable.
    GlobalGet(usize),
    /// Pop into a global variable.
    GlobalSet(usize),
    /// One value of others.
    Numeric(Numeric),
    /// One or the other value.
    Select,
    /// Forget a value.
    Drop,
    /// Read so many bytes.
    Load(usize, Widen, u64),
    /// Write so many bytes.
    Store(usize, u64),
    /// Read so many bytes into a lane of a vector.
    LoadLane(usize, u8, u64),
    /// Write a lane of so many bytes of a vector.
    StoreLane(usize, u8, u64),
    /// Push the memory's size.
    MemorySize,
    /// Enlarge the memory.
    MemoryGrow,
    /// Copy memory.
    MemoryCopy,
    /// Fill memory.
    MemoryFill,
    /// Go on elsewhere.
    Jump(Target),
    /// Go on elsewhere if a value is not zero.
    JumpIf(Target),
    /// Go on at a step if a value is zero.
    JumpUnless(usize),
    /// Go on where a value says; the last is for all else.
    JumpTable(Box<[Target]>),
    /// Call a function.
    Call(usize),
    /// Call a function of a table, of a type.
    CallIndirect(usize, usize),
    /// Go back to the caller.
    Return,
    /// What must not be reached.
    Unreachable,
    /// What this machine does not know.
    Unknown,
}

/// A function's code.
pub struct Code {
    /// How many parameters it takes.
    pub parameters: usize,
    /// How many results it gives.
    pub results: usize,
    /// How many variables it has beside its parameters.
    pub locals: usize,
    /// What it does.
    pub steps: Vec<Step>,
    /// Where in the file each step is, and what it is called there.
    pub origins: Vec<(usize, String)>,
}

/// A label whose end, or `else`, is not known yet.
#[derive(Default)]
struct Open {
    /// Steps that jump to its end.
    to_end: Vec<usize>,
    /// The step of an `if`.
    condition: Option<usize>,
    /// Where a loop begins.
    start: usize,
}

/// What turns a function's body into steps.
struct Compiler<'a> {
    validator: &'a mut FuncValidator<ValidatorResources>,
    arity: &'a dyn Fn(BlockType) -> (usize, usize),
    variables: usize,
    code: Code,
    labels: Vec<Open>,
}

/// Make steps of a body, which is found valid on the way.
pub fn compile(
    body: &FunctionBody,
    validator: &mut FuncValidator<ValidatorResources>,
    parameters: usize,
    results: usize,
    arity: &dyn Fn(BlockType) -> (usize, usize),
) -> Result<Code, Failure> {
    let text = |error: wasmparser::BinaryReaderError| error.to_string();
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader).map_err(text)?;
    let variables = validator.len_locals() as usize;
    let code = Code { parameters, results, locals: variables - parameters, steps: Vec::new(), origins: Vec::new() };
    let mut compiler = Compiler { validator, arity, variables, code, labels: vec![Open::default()] };
    let mut operators = wasmparser::OperatorsReader::new(reader);
    while !operators.eof() {
        let (operator, offset) = operators.read_with_offset().map_err(text)?;
        compiler.operator(&operator, offset)?;
    }
    Ok(compiler.code)
}

impl Compiler<'_> {
    fn operator(&mut self, operator: &Operator, offset: usize) -> Result<(), Failure> {
        // Labels are those in force before the operator.
        let steps = self.steps(operator)?;
        self.validator.op(offset, operator).map_err(|error| error.to_string())?;
        match operator {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                let start = self.code.steps.len();
                let condition = matches!(operator, Operator::If { .. }).then_some(start);
                self.labels.push(Open { start, condition, ..Open::default() });
            }
            _ => (),
        }
        if let Some(step) = steps {
            let name = format!("{operator:?}");
            self.code.origins.push((offset, name.split([' ', '{']).next().unwrap_or_default().to_owned()));
            self.code.steps.push(step);
        }
        match operator {
            Operator::Else => self.otherwise(),
            Operator::End => self.end(),
            _ => (),
        }
        Ok(())
    }

    /// After the jump over the `else` part: that is where the `if` goes when its condition is not so.
    fn otherwise(&mut self) {
        let here = self.code.steps.len();
        let condition = self.labels.last_mut().and_then(|label| label.condition.take());
        if let Some(Step::JumpUnless(to)) = condition.and_then(|step| self.code.steps.get_mut(step)) {
            *to = here;
        }
    }

    fn end(&mut self) {
        let Some(label) = self.labels.pop() else { return };
        let here = self.code.steps.len();
        // Of the whole function: what ends it is a return, which its last step is.
        let here = if self.labels.is_empty() { here - 1 } else { here };
        for step in label.to_end.into_iter().chain(label.condition) {
            match self.code.steps.get_mut(step) {
                Some(Step::Jump(target) | Step::JumpIf(target)) => target.step = here,
                Some(Step::JumpUnless(to)) => *to = here,
                Some(Step::JumpTable(targets)) => {
                    targets
                        .iter_mut()
                        .filter(|target| target.step == OPEN - self.labels.len())
                        .for_each(|target| target.step = here);
                }
                _ => (),
            }
        }
    }

    /// What a branch to a label does. One to an end that is not known yet names the label.
    fn target(&mut self, depth: u32) -> Result<Target, Failure> {
        let frame = self.validator.get_control_frame(depth as usize).ok_or("a branch to no label")?;
        let (takes, gives) = (self.arity)(frame.block_type);
        let is_loop = frame.kind == FrameKind::Loop;
        let is_function = self.validator.control_stack_height() as usize == depth as usize + 1;
        let keep = match (is_function, is_loop) {
            (true, _) => self.code.results,
            (false, true) => takes,
            (false, false) => gives,
        };
        let height = self.variables + frame.height;
        let index = self.labels.len() - 1 - depth as usize;
        let here = self.code.steps.len();
        let label = self.labels.get_mut(index).ok_or("a branch to no label")?;
        if is_loop {
            return Ok(Target { step: label.start, keep, height });
        }
        label.to_end.push(here);
        Ok(Target { step: OPEN - index, keep, height })
    }

    fn table(&mut self, targets: &BrTable) -> Result<Step, Failure> {
        let depths: Result<Vec<u32>, _> = targets.targets().chain([Ok(targets.default())]).collect();
        let depths = depths.map_err(|error| error.to_string())?;
        let targets: Result<Box<[Target]>, Failure> = depths.into_iter().map(|depth| self.target(depth)).collect();
        Ok(Step::JumpTable(targets?))
    }

    /// The step that an operator is, if it does anything.
    fn steps(&mut self, operator: &Operator) -> Result<Option<Step>, Failure> {
        if let Some(step) = memory_access(operator) {
            return Ok(Some(step));
        }
        if let Some(function) = numeric(operator) {
            return Ok(Some(Step::Numeric(function)));
        }
        Ok(Some(match operator {
            Operator::Nop | Operator::Block { .. } | Operator::Loop { .. } => return Ok(None),
            // An end does nothing but where the function ends.
            Operator::End if self.labels.len() > 1 => return Ok(None),
            Operator::End | Operator::Return => Step::Return,
            Operator::If { .. } => Step::JumpUnless(OPEN),
            // What ends the part before it.
            Operator::Else => Step::Jump(self.target(0)?),
            Operator::Br { relative_depth } => Step::Jump(self.target(*relative_depth)?),
            Operator::BrIf { relative_depth } => Step::JumpIf(self.target(*relative_depth)?),
            Operator::BrTable { targets } => self.table(targets)?,
            Operator::Call { function_index } => Step::Call(*function_index as usize),
            Operator::CallIndirect { type_index, table_index } => {
                Step::CallIndirect(*type_index as usize, *table_index as usize)
            }
            Operator::Drop => Step::Drop,
            Operator::Select | Operator::TypedSelect { .. } => Step::Select,
            Operator::LocalGet { local_index } => Step::LocalGet(*local_index as usize),
            Operator::LocalSet { local_index } => Step::LocalSet(*local_index as usize),
            Operator::LocalTee { local_index } => Step::LocalTee(*local_index as usize),
            Operator::GlobalGet { global_index } => Step::GlobalGet(*global_index as usize),
            Operator::GlobalSet { global_index } => Step::GlobalSet(*global_index as usize),
            Operator::I32Const { value } => Step::Constant(u128::from(*value as u32)),
            Operator::I64Const { value } => Step::Constant(u128::from(*value as u64)),
            Operator::F32Const { value } => Step::Constant(value.bits().into()),
            Operator::F64Const { value } => Step::Constant(value.bits().into()),
            Operator::V128Const { value } => Step::Constant(u128::from_le_bytes(*value.bytes())),
            Operator::MemorySize { .. } => Step::MemorySize,
            Operator::MemoryGrow { .. } => Step::MemoryGrow,
            Operator::MemoryCopy { .. } => Step::MemoryCopy,
            Operator::MemoryFill { .. } => Step::MemoryFill,
            Operator::Unreachable => Step::Unreachable,
            _ => Step::Unknown,
        }))
    }
}

/// A step that is not known yet: this less the number of the label.
const OPEN: usize = usize::MAX;

/// The step of an access to memory, if the operator is one.
fn memory_access(operator: &Operator) -> Option<Step> {
    use crate::bits::Bits;
    use crate::word::{Half, extended, from_lanes};

    let load = |bytes, widen: Widen, memory: &MemArg| Step::Load(bytes, widen, memory.offset);
    let store = |bytes, memory: &MemArg| Step::Store(bytes, memory.offset);
    let same: Widen = |a| a;
    Some(match operator {
        Operator::I32Load8U { memarg } | Operator::I64Load8U { memarg } => load(1, same, memarg),
        Operator::I32Load16U { memarg } | Operator::I64Load16U { memarg } => load(2, same, memarg),
        Operator::I32Load { memarg }
        | Operator::F32Load { memarg }
        | Operator::I64Load32U { memarg }
        | Operator::V128Load32Zero { memarg } => load(4, same, memarg),
        Operator::I64Load { memarg } | Operator::F64Load { memarg } | Operator::V128Load64Zero { memarg } => {
            load(8, same, memarg)
        }
        Operator::V128Load { memarg } => load(16, same, memarg),
        Operator::I32Load8S { memarg } => load(1, |a| Bits::<u8>::truncate(a).extend_signed::<u32>().extend(), memarg),
        Operator::I32Load16S { memarg } => {
            load(2, |a| Bits::<u16>::truncate(a).extend_signed::<u32>().extend(), memarg)
        }
        Operator::I64Load8S { memarg } => load(1, |a| Bits::<u8>::truncate(a).extend_signed::<u64>().extend(), memarg),
        Operator::I64Load16S { memarg } => {
            load(2, |a| Bits::<u16>::truncate(a).extend_signed::<u64>().extend(), memarg)
        }
        Operator::I64Load32S { memarg } => {
            load(4, |a| Bits::<u32>::truncate(a).extend_signed::<u64>().extend(), memarg)
        }
        Operator::V128Load8x8S { memarg } => load(8, |a| extended::<u8, u16>(a, Half::Low, true), memarg),
        Operator::V128Load8x8U { memarg } => load(8, |a| extended::<u8, u16>(a, Half::Low, false), memarg),
        Operator::V128Load16x4S { memarg } => load(8, |a| extended::<u16, u32>(a, Half::Low, true), memarg),
        Operator::V128Load16x4U { memarg } => load(8, |a| extended::<u16, u32>(a, Half::Low, false), memarg),
        Operator::V128Load32x2S { memarg } => load(8, |a| extended::<u32, u64>(a, Half::Low, true), memarg),
        Operator::V128Load32x2U { memarg } => load(8, |a| extended::<u32, u64>(a, Half::Low, false), memarg),
        Operator::V128Load8Splat { memarg } => load(1, |a| from_lanes::<u8>(|_| Bits::truncate(a)), memarg),
        Operator::V128Load16Splat { memarg } => load(2, |a| from_lanes::<u16>(|_| Bits::truncate(a)), memarg),
        Operator::V128Load32Splat { memarg } => load(4, |a| from_lanes::<u32>(|_| Bits::truncate(a)), memarg),
        Operator::V128Load64Splat { memarg } => load(8, |a| from_lanes::<u64>(|_| Bits::truncate(a)), memarg),
        Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => store(1, memarg),
        Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => store(2, memarg),
        Operator::I32Store { memarg } | Operator::F32Store { memarg } | Operator::I64Store32 { memarg } => {
            store(4, memarg)
        }
        Operator::I64Store { memarg } | Operator::F64Store { memarg } => store(8, memarg),
        Operator::V128Store { memarg } => store(16, memarg),
        Operator::V128Load8Lane { memarg, lane } => Step::LoadLane(1, *lane, memarg.offset),
        Operator::V128Load16Lane { memarg, lane } => Step::LoadLane(2, *lane, memarg.offset),
        Operator::V128Load32Lane { memarg, lane } => Step::LoadLane(4, *lane, memarg.offset),
        Operator::V128Load64Lane { memarg, lane } => Step::LoadLane(8, *lane, memarg.offset),
        Operator::V128Store8Lane { memarg, lane } => Step::StoreLane(1, *lane, memarg.offset),
        Operator::V128Store16Lane { memarg, lane } => Step::StoreLane(2, *lane, memarg.offset),
        Operator::V128Store32Lane { memarg, lane } => Step::StoreLane(4, *lane, memarg.offset),
        Operator::V128Store64Lane { memarg, lane } => Step::StoreLane(8, *lane, memarg.offset),
        _ => return None,
    })
}
