//! The instructions that make one value of others and do nothing else.

use wasmparser::Operator;

use crate::bits::*;
use crate::word::*;

/// What such an instruction does.
#[derive(Clone, Copy)]
pub enum Numeric {
    /// Of one operand.
    Unary(fn(Word) -> Word),
    /// Of two.
    Binary(fn(Word, Word) -> Word),
    /// Of three.
    Ternary(fn(Word, Word, Word) -> Word),
    /// Of two, in a time that depends on them. Nothing where it traps.
    Division(fn(Word, Word) -> Option<Word>),
    /// Of one operand and a lane's number.
    Lane(fn(Word, u32) -> Word, u8),
    /// Of two operands and a lane's number.
    SetLane(fn(Word, Word, u32) -> Word, u8),
    /// Bytes of two operands in a fixed order.
    Shuffle([u8; 16]),
    /// Of so many operands, on the doubles that they hold; quick, unless these are of an odd kind.
    Doubles(u8, fn(Doubles) -> f64),
}

/// Operands of one lane.
pub type Doubles = [f64; 3];

/// Doubles that processors may take longer for: subnormal, infinite, none.
pub fn is_odd(number: f64) -> bool {
    number.is_subnormal() || !number.is_finite()
}

/// The result of an instruction on doubles, lane by lane, and whether a lane with a secret had an odd operand or result. A lane that no
/// type has is zero, and no secret.
pub fn doubles(function: fn(Doubles) -> f64, operands: [Word; 3]) -> (Word, bool) {
    let mut odd = false;
    let lanes = [0, 1].map(|index| {
        let lanes = operands.map(|word| lane::<u64>(word, index));
        let numbers = lanes.map(|lane| f64::from_bits(lane.value));
        let result = function(numbers);
        let secret = lanes.iter().any(|lane| lane.is_secret());
        odd |= secret && (is_odd(result) || numbers.into_iter().any(is_odd));
        Bits::tainted(result.to_bits(), secret)
    });
    (from_lanes(|index| lanes[index as usize]), odd)
}

/// What an instruction does, if it is one of these.
pub fn numeric(operator: &Operator) -> Option<Numeric> {
    scalar(operator).or_else(|| lanes(operator)).or_else(|| across_lanes(operator)).or_else(|| floating(operator))
}

/// On `T` from operands of `T`, whatever the function.
macro_rules! on {
    (unary $from:ty, $function:expr) => {
        Numeric::Unary(|a| unary::<$from, _>(a, $function))
    };
    (binary $from:ty, $function:expr) => {
        Numeric::Binary(|a, b| binary::<$from, _, _>(a, b, $function))
    };
    (division $from:ty, $signed:expr, $remainder:expr) => {
        Numeric::Division(|a, b| {
            divide::<$from>(Bits::truncate(a), Bits::truncate(b), $signed, $remainder).map(Bits::extend)
        })
    };
    (each $lane:ty, $function:expr) => {
        Numeric::Unary(|a| each::<$lane>(a, $function))
    };
    (pairs $lane:ty, $function:expr) => {
        Numeric::Binary(|a, b| pairs::<$lane>(a, b, $function))
    };
    (compare $lane:ty, $function:expr) => {
        Numeric::Binary(|a, b| compare::<$lane>(a, b, $function))
    };
    (shifted $lane:ty, $function:expr) => {
        Numeric::Binary(|a, b| shifted::<$lane>(a, b, $function))
    };
    (splat $lane:ty) => {
        Numeric::Unary(|a| from_lanes::<$lane>(|_| Bits::truncate(a)))
    };
    (get $lane:ty, $index:expr) => {
        Numeric::Lane(|a, index| lane::<$lane>(a, index).extend(), $index)
    };
    (get_signed $lane:ty, $index:expr) => {
        Numeric::Lane(|a, index| lane::<$lane>(a, index).extend_signed::<u32>().extend(), $index)
    };
    (set $lane:ty, $index:expr) => {
        Numeric::SetLane(|a, b, index| with_lane::<$lane>(a, index, Bits::truncate(b)), $index)
    };
    (extended $lane:ty, $wide:ty, $half:ident, $signed:expr) => {
        Numeric::Unary(|a| extended::<$lane, $wide>(a, Half::$half, $signed))
    };
    (products $lane:ty, $wide:ty, $half:ident, $signed:expr) => {
        Numeric::Binary(|a, b| products::<$lane, $wide>(a, b, Half::$half, $signed))
    };
}

/// Of numbers.
fn scalar(operator: &Operator) -> Option<Numeric> {
    Some(match operator {
        Operator::I32Eqz => on!(unary u32, is_zero),
        Operator::I32Eq => on!(binary u32, equal),
        Operator::I32Ne => on!(binary u32, differ),
        Operator::I32LtS => on!(binary u32, less_signed),
        Operator::I32LtU => on!(binary u32, less),
        Operator::I32GtS => on!(binary u32, more_signed),
        Operator::I32GtU => on!(binary u32, more),
        Operator::I32LeS => on!(binary u32, at_most_signed),
        Operator::I32LeU => on!(binary u32, at_most),
        Operator::I32GeS => on!(binary u32, at_least_signed),
        Operator::I32GeU => on!(binary u32, at_least),
        Operator::I64Eqz => on!(unary u64, is_zero),
        Operator::I64Eq => on!(binary u64, equal),
        Operator::I64Ne => on!(binary u64, differ),
        Operator::I64LtS => on!(binary u64, less_signed),
        Operator::I64LtU => on!(binary u64, less),
        Operator::I64GtS => on!(binary u64, more_signed),
        Operator::I64GtU => on!(binary u64, more),
        Operator::I64LeS => on!(binary u64, at_most_signed),
        Operator::I64LeU => on!(binary u64, at_most),
        Operator::I64GeS => on!(binary u64, at_least_signed),
        Operator::I64GeU => on!(binary u64, at_least),
        Operator::I32Clz => on!(unary u32, count_zeros_above),
        Operator::I32Ctz => on!(unary u32, count_zeros_below),
        Operator::I32Popcnt => on!(unary u32, count_ones),
        Operator::I32Add => on!(binary u32, add),
        Operator::I32Sub => on!(binary u32, subtract),
        Operator::I32Mul => on!(binary u32, multiply),
        Operator::I32DivS => on!(division u32, true, false),
        Operator::I32DivU => on!(division u32, false, false),
        Operator::I32RemS => on!(division u32, true, true),
        Operator::I32RemU => on!(division u32, false, true),
        Operator::I32And => on!(binary u32, and),
        Operator::I32Or => on!(binary u32, or),
        Operator::I32Xor => on!(binary u32, xor),
        Operator::I32Shl => on!(binary u32, shift_left),
        Operator::I32ShrS => on!(binary u32, shift_right_signed),
        Operator::I32ShrU => on!(binary u32, shift_right),
        Operator::I32Rotl => on!(binary u32, rotate_left),
        Operator::I32Rotr => on!(binary u32, rotate_right),
        Operator::I64Clz => on!(unary u64, count_zeros_above),
        Operator::I64Ctz => on!(unary u64, count_zeros_below),
        Operator::I64Popcnt => on!(unary u64, count_ones),
        Operator::I64Add => on!(binary u64, add),
        Operator::I64Sub => on!(binary u64, subtract),
        Operator::I64Mul => on!(binary u64, multiply),
        Operator::I64DivS => on!(division u64, true, false),
        Operator::I64DivU => on!(division u64, false, false),
        Operator::I64RemS => on!(division u64, true, true),
        Operator::I64RemU => on!(division u64, false, true),
        Operator::I64And => on!(binary u64, and),
        Operator::I64Or => on!(binary u64, or),
        Operator::I64Xor => on!(binary u64, xor),
        Operator::I64Shl => on!(binary u64, shift_left),
        Operator::I64ShrS => on!(binary u64, shift_right_signed),
        Operator::I64ShrU => on!(binary u64, shift_right),
        Operator::I64Rotl => on!(binary u64, rotate_left),
        Operator::I64Rotr => on!(binary u64, rotate_right),
        Operator::I32WrapI64 => on!(unary u64, Bits::<u32>::truncate),
        Operator::I64ExtendI32U => on!(unary u32, Bits::extend::<u64>),
        Operator::I64ExtendI32S | Operator::I64Extend32S => on!(unary u32, Bits::extend_signed::<u64>),
        Operator::I32Extend8S => on!(unary u8, Bits::extend_signed::<u32>),
        Operator::I32Extend16S => on!(unary u16, Bits::extend_signed::<u32>),
        Operator::I64Extend8S => on!(unary u8, Bits::extend_signed::<u64>),
        Operator::I64Extend16S => on!(unary u16, Bits::extend_signed::<u64>),
        // The bits stay.
        Operator::F32ReinterpretI32
        | Operator::I32ReinterpretF32
        | Operator::F64ReinterpretI64
        | Operator::I64ReinterpretF64 => Numeric::Unary(|a| a),
        _ => return None,
    })
}

/// Of all bits of vectors, or lane by lane.
fn lanes(operator: &Operator) -> Option<Numeric> {
    Some(match operator {
        Operator::V128Not => on!(unary u128, not),
        Operator::V128And => on!(binary u128, and),
        Operator::V128AndNot => on!(binary u128, and_not),
        Operator::V128Or => on!(binary u128, or),
        Operator::V128Xor => on!(binary u128, xor),
        Operator::V128Bitselect
        | Operator::I8x16RelaxedLaneselect
        | Operator::I16x8RelaxedLaneselect
        | Operator::I32x4RelaxedLaneselect
        | Operator::I64x2RelaxedLaneselect => Numeric::Ternary(|a, b, mask| or(and(a, mask), and_not(b, mask))),
        Operator::I8x16Splat => on!(splat u8),
        Operator::I16x8Splat => on!(splat u16),
        Operator::I32x4Splat | Operator::F32x4Splat => on!(splat u32),
        Operator::I64x2Splat | Operator::F64x2Splat => on!(splat u64),
        Operator::I8x16ExtractLaneS { lane } => on!(get_signed u8, *lane),
        Operator::I8x16ExtractLaneU { lane } => on!(get u8, *lane),
        Operator::I16x8ExtractLaneS { lane } => on!(get_signed u16, *lane),
        Operator::I16x8ExtractLaneU { lane } => on!(get u16, *lane),
        Operator::I32x4ExtractLane { lane } => on!(get u32, *lane),
        Operator::I64x2ExtractLane { lane } | Operator::F64x2ExtractLane { lane } => on!(get u64, *lane),
        Operator::I8x16ReplaceLane { lane } => on!(set u8, *lane),
        Operator::I16x8ReplaceLane { lane } => on!(set u16, *lane),
        Operator::I32x4ReplaceLane { lane } => on!(set u32, *lane),
        Operator::I64x2ReplaceLane { lane } | Operator::F64x2ReplaceLane { lane } => on!(set u64, *lane),
        Operator::I8x16Eq => on!(compare u8, equal),
        Operator::I8x16Ne => on!(compare u8, differ),
        Operator::I8x16LtS => on!(compare u8, less_signed),
        Operator::I8x16LtU => on!(compare u8, less),
        Operator::I8x16GtS => on!(compare u8, more_signed),
        Operator::I8x16GtU => on!(compare u8, more),
        Operator::I8x16LeS => on!(compare u8, at_most_signed),
        Operator::I8x16LeU => on!(compare u8, at_most),
        Operator::I8x16GeS => on!(compare u8, at_least_signed),
        Operator::I8x16GeU => on!(compare u8, at_least),
        Operator::I16x8Eq => on!(compare u16, equal),
        Operator::I16x8Ne => on!(compare u16, differ),
        Operator::I16x8LtS => on!(compare u16, less_signed),
        Operator::I16x8LtU => on!(compare u16, less),
        Operator::I16x8GtS => on!(compare u16, more_signed),
        Operator::I16x8GtU => on!(compare u16, more),
        Operator::I16x8LeS => on!(compare u16, at_most_signed),
        Operator::I16x8LeU => on!(compare u16, at_most),
        Operator::I16x8GeS => on!(compare u16, at_least_signed),
        Operator::I16x8GeU => on!(compare u16, at_least),
        Operator::I32x4Eq => on!(compare u32, equal),
        Operator::I32x4Ne => on!(compare u32, differ),
        Operator::I32x4LtS => on!(compare u32, less_signed),
        Operator::I32x4LtU => on!(compare u32, less),
        Operator::I32x4GtS => on!(compare u32, more_signed),
        Operator::I32x4GtU => on!(compare u32, more),
        Operator::I32x4LeS => on!(compare u32, at_most_signed),
        Operator::I32x4LeU => on!(compare u32, at_most),
        Operator::I32x4GeS => on!(compare u32, at_least_signed),
        Operator::I32x4GeU => on!(compare u32, at_least),
        Operator::I64x2Eq => on!(compare u64, equal),
        Operator::I64x2Ne => on!(compare u64, differ),
        Operator::I64x2LtS => on!(compare u64, less_signed),
        Operator::I64x2GtS => on!(compare u64, more_signed),
        Operator::I64x2LeS => on!(compare u64, at_most_signed),
        Operator::I64x2GeS => on!(compare u64, at_least_signed),
        Operator::I8x16Abs => on!(each u8, absolute),
        Operator::I16x8Abs => on!(each u16, absolute),
        Operator::I32x4Abs => on!(each u32, absolute),
        Operator::I64x2Abs => on!(each u64, absolute),
        Operator::I8x16Neg => on!(each u8, negate),
        Operator::I16x8Neg => on!(each u16, negate),
        Operator::I32x4Neg => on!(each u32, negate),
        Operator::I64x2Neg => on!(each u64, negate),
        Operator::I8x16Popcnt => on!(each u8, count_ones),
        Operator::I8x16Shl => on!(shifted u8, shift_left),
        Operator::I8x16ShrS => on!(shifted u8, shift_right_signed),
        Operator::I8x16ShrU => on!(shifted u8, shift_right),
        Operator::I16x8Shl => on!(shifted u16, shift_left),
        Operator::I16x8ShrS => on!(shifted u16, shift_right_signed),
        Operator::I16x8ShrU => on!(shifted u16, shift_right),
        Operator::I32x4Shl => on!(shifted u32, shift_left),
        Operator::I32x4ShrS => on!(shifted u32, shift_right_signed),
        Operator::I32x4ShrU => on!(shifted u32, shift_right),
        Operator::I64x2Shl => on!(shifted u64, shift_left),
        Operator::I64x2ShrS => on!(shifted u64, shift_right_signed),
        Operator::I64x2ShrU => on!(shifted u64, shift_right),
        Operator::I8x16Add => on!(pairs u8, add),
        Operator::I16x8Add => on!(pairs u16, add),
        Operator::I32x4Add => on!(pairs u32, add),
        Operator::I64x2Add => on!(pairs u64, add),
        Operator::I8x16Sub => on!(pairs u8, subtract),
        Operator::I16x8Sub => on!(pairs u16, subtract),
        Operator::I32x4Sub => on!(pairs u32, subtract),
        Operator::I64x2Sub => on!(pairs u64, subtract),
        Operator::I16x8Mul => on!(pairs u16, multiply),
        Operator::I32x4Mul => on!(pairs u32, multiply),
        Operator::I64x2Mul => on!(pairs u64, multiply),
        Operator::I8x16AddSatS => on!(pairs u8, add_saturating_signed),
        Operator::I8x16AddSatU => on!(pairs u8, add_saturating),
        Operator::I16x8AddSatS => on!(pairs u16, add_saturating_signed),
        Operator::I16x8AddSatU => on!(pairs u16, add_saturating),
        Operator::I8x16SubSatS => on!(pairs u8, subtract_saturating_signed),
        Operator::I8x16SubSatU => on!(pairs u8, subtract_saturating),
        Operator::I16x8SubSatS => on!(pairs u16, subtract_saturating_signed),
        Operator::I16x8SubSatU => on!(pairs u16, subtract_saturating),
        Operator::I8x16MinS => on!(pairs u8, lesser_signed),
        Operator::I8x16MinU => on!(pairs u8, lesser),
        Operator::I8x16MaxS => on!(pairs u8, greater_signed),
        Operator::I8x16MaxU => on!(pairs u8, greater),
        Operator::I16x8MinS => on!(pairs u16, lesser_signed),
        Operator::I16x8MinU => on!(pairs u16, lesser),
        Operator::I16x8MaxS => on!(pairs u16, greater_signed),
        Operator::I16x8MaxU => on!(pairs u16, greater),
        Operator::I32x4MinS => on!(pairs u32, lesser_signed),
        Operator::I32x4MinU => on!(pairs u32, lesser),
        Operator::I32x4MaxS => on!(pairs u32, greater_signed),
        Operator::I32x4MaxU => on!(pairs u32, greater),
        Operator::I8x16AvgrU => on!(pairs u8, average),
        Operator::I16x8AvgrU => on!(pairs u16, average),
        // The relaxed one may give another result only where both are -32768.
        Operator::I16x8Q15MulrSatS | Operator::I16x8RelaxedQ15mulrS => on!(pairs u16, multiply_fractions),
        _ => return None,
    })
}

/// Between lanes of vectors.
fn across_lanes(operator: &Operator) -> Option<Numeric> {
    Some(match operator {
        Operator::I8x16Shuffle { lanes } => Numeric::Shuffle(*lanes),
        // The relaxed one may give something else than zero only for indices from 16 to 127.
        Operator::I8x16Swizzle | Operator::I8x16RelaxedSwizzle => Numeric::Binary(swizzle),
        Operator::V128AnyTrue => on!(unary u128, |a| xor(is_zero(a), Bits::public(1))),
        Operator::I8x16AllTrue => Numeric::Unary(all_true::<u8>),
        Operator::I16x8AllTrue => Numeric::Unary(all_true::<u16>),
        Operator::I32x4AllTrue => Numeric::Unary(all_true::<u32>),
        Operator::I64x2AllTrue => Numeric::Unary(all_true::<u64>),
        Operator::I8x16Bitmask => Numeric::Unary(signs::<u8>),
        Operator::I16x8Bitmask => Numeric::Unary(signs::<u16>),
        Operator::I32x4Bitmask => Numeric::Unary(signs::<u32>),
        Operator::I64x2Bitmask => Numeric::Unary(signs::<u64>),
        Operator::I8x16NarrowI16x8S => Numeric::Binary(|a, b| narrowed::<u16, u8>(a, b, true)),
        Operator::I8x16NarrowI16x8U => Numeric::Binary(|a, b| narrowed::<u16, u8>(a, b, false)),
        Operator::I16x8NarrowI32x4S => Numeric::Binary(|a, b| narrowed::<u32, u16>(a, b, true)),
        Operator::I16x8NarrowI32x4U => Numeric::Binary(|a, b| narrowed::<u32, u16>(a, b, false)),
        Operator::I16x8ExtendLowI8x16S => on!(extended u8, u16, Low, true),
        Operator::I16x8ExtendHighI8x16S => on!(extended u8, u16, High, true),
        Operator::I16x8ExtendLowI8x16U => on!(extended u8, u16, Low, false),
        Operator::I16x8ExtendHighI8x16U => on!(extended u8, u16, High, false),
        Operator::I32x4ExtendLowI16x8S => on!(extended u16, u32, Low, true),
        Operator::I32x4ExtendHighI16x8S => on!(extended u16, u32, High, true),
        Operator::I32x4ExtendLowI16x8U => on!(extended u16, u32, Low, false),
        Operator::I32x4ExtendHighI16x8U => on!(extended u16, u32, High, false),
        Operator::I64x2ExtendLowI32x4S => on!(extended u32, u64, Low, true),
        Operator::I64x2ExtendHighI32x4S => on!(extended u32, u64, High, true),
        Operator::I64x2ExtendLowI32x4U => on!(extended u32, u64, Low, false),
        Operator::I64x2ExtendHighI32x4U => on!(extended u32, u64, High, false),
        Operator::I16x8ExtMulLowI8x16S => on!(products u8, u16, Low, true),
        Operator::I16x8ExtMulHighI8x16S => on!(products u8, u16, High, true),
        Operator::I16x8ExtMulLowI8x16U => on!(products u8, u16, Low, false),
        Operator::I16x8ExtMulHighI8x16U => on!(products u8, u16, High, false),
        Operator::I32x4ExtMulLowI16x8S => on!(products u16, u32, Low, true),
        Operator::I32x4ExtMulHighI16x8S => on!(products u16, u32, High, true),
        Operator::I32x4ExtMulLowI16x8U => on!(products u16, u32, Low, false),
        Operator::I32x4ExtMulHighI16x8U => on!(products u16, u32, High, false),
        Operator::I64x2ExtMulLowI32x4S => on!(products u32, u64, Low, true),
        Operator::I64x2ExtMulHighI32x4S => on!(products u32, u64, High, true),
        Operator::I64x2ExtMulLowI32x4U => on!(products u32, u64, Low, false),
        Operator::I64x2ExtMulHighI32x4U => on!(products u32, u64, High, false),
        Operator::I16x8ExtAddPairwiseI8x16S => Numeric::Unary(|a| widened_sums::<u8, u16>(a, true)),
        Operator::I16x8ExtAddPairwiseI8x16U => Numeric::Unary(|a| widened_sums::<u8, u16>(a, false)),
        Operator::I32x4ExtAddPairwiseI16x8S => Numeric::Unary(|a| widened_sums::<u16, u32>(a, true)),
        Operator::I32x4ExtAddPairwiseI16x8U => Numeric::Unary(|a| widened_sums::<u16, u32>(a, false)),
        Operator::I32x4DotI16x8S => Numeric::Binary(|a, b| {
            let half = |half| products::<u16, u32>(a, b, half, true);
            sums::<u32>(half(Half::Low), half(Half::High))
        }),
        _ => return None,
    })
}

/// Of doubles: what takes the same time for all that are not odd.
fn floating(operator: &Operator) -> Option<Numeric> {
    Some(match operator {
        Operator::F64Add | Operator::F64x2Add => Numeric::Doubles(2, |[a, b, _]| a + b),
        Operator::F64Sub | Operator::F64x2Sub => Numeric::Doubles(2, |[a, b, _]| a - b),
        Operator::F64Mul | Operator::F64x2Mul => Numeric::Doubles(2, |[a, b, _]| a * b),
        // Rounded once, as engines do where the processor can.
        Operator::F64x2RelaxedMadd => Numeric::Doubles(3, |[a, b, c]| a.mul_add(b, c)),
        Operator::F64x2RelaxedNmadd => Numeric::Doubles(3, |[a, b, c]| (-a).mul_add(b, c)),
        Operator::F64Neg => Numeric::Unary(|a| xor(a, Bits::public(u64::SIGN.into()))),
        Operator::F64Abs => Numeric::Unary(|a| and(a, Bits::public((!u64::SIGN).into()))),
        Operator::F64x2Neg => on!(each u64, |a| xor(a, Bits::public(u64::SIGN))),
        Operator::F64x2Abs => on!(each u64, |a| and(a, Bits::public(!u64::SIGN))),
        _ => return None,
    })
}
