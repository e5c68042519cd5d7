//! What the stack, locals and globals hold: a number of up to 128 bits, or lanes of them.

use crate::bits::{Bits, Integer};

/// A slot of the stack. What is above a number of fewer bits is zero.
pub type Word = Bits<u128>;

/// A function of one number, on words.
pub fn unary<T: Integer, R: Integer>(a: Word, function: fn(Bits<T>) -> Bits<R>) -> Word {
    function(Bits::truncate(a)).extend()
}

/// A function of two numbers, on words.
pub fn binary<T: Integer, U: Integer, R: Integer>(a: Word, b: Word, function: fn(Bits<T>, Bits<U>) -> Bits<R>) -> Word {
    function(Bits::truncate(a), Bits::truncate(b)).extend()
}

/// How many lanes there are.
pub const fn count<T: Integer>() -> u32 {
    128 / T::BITS
}

/// One lane.
pub fn lane<T: Integer>(a: Word, index: u32) -> Bits<T> {
    Bits { value: T::truncate(a.value >> (index * T::BITS)), secret: T::truncate(a.secret >> (index * T::BITS)) }
}

/// A word of lanes.
pub fn from_lanes<T: Integer>(make: impl Fn(u32) -> Bits<T>) -> Word {
    let mut result = Word::public(0);
    for index in 0..count::<T>() {
        let Bits { value, secret } = make(index);
        result.value |= value.widen() << (index * T::BITS);
        result.secret |= secret.widen() << (index * T::BITS);
    }
    result
}

/// One lane changed.
pub fn with_lane<T: Integer>(a: Word, index: u32, new: Bits<T>) -> Word {
    from_lanes(|at| if at == index { new } else { lane(a, at) })
}

/// A function on each lane.
pub fn each<T: Integer>(a: Word, function: impl Fn(Bits<T>) -> Bits<T>) -> Word {
    from_lanes(|index| function(lane(a, index)))
}

/// A function on each pair of lanes.
pub fn pairs<T: Integer>(a: Word, b: Word, function: fn(Bits<T>, Bits<T>) -> Bits<T>) -> Word {
    from_lanes(|index| function(lane(a, index), lane(b, index)))
}

/// A comparison of each pair of lanes: all bits of a lane set or none.
pub fn compare<T: Integer>(a: Word, b: Word, function: fn(Bits<T>, Bits<T>) -> Bits<u32>) -> Word {
    from_lanes::<T>(|index| crate::bits::mask(function(lane(a, index), lane(b, index))))
}

/// Each lane shifted by the same amount.
pub fn shifted<T: Integer>(a: Word, amount: Word, function: fn(Bits<T>, Bits<u32>) -> Bits<T>) -> Word {
    each(a, |number| function(number, Bits::truncate(amount)))
}

/// Which half of the lanes.
#[derive(Clone, Copy)]
pub enum Half {
    /// The first.
    Low,
    /// The last.
    High,
}

/// Lanes of twice the bits from half of the lanes.
pub fn extended<T: Integer, W: Integer>(a: Word, half: Half, signed: bool) -> Word {
    let first = match half {
        Half::Low => 0,
        Half::High => count::<W>(),
    };
    from_lanes::<W>(|index| {
        let number = lane::<T>(a, first + index);
        if signed { number.extend_signed() } else { number.extend() }
    })
}

/// Products of half of the lanes, with twice the bits.
pub fn products<T: Integer, W: Integer>(a: Word, b: Word, half: Half, signed: bool) -> Word {
    pairs::<W>(extended::<T, W>(a, half, signed), extended::<T, W>(b, half, signed), crate::bits::multiply)
}

/// Lanes two and two added, of an operand or two: lane i is that of 2i and 2i + 1.
pub fn sums<W: Integer>(a: Word, b: Word) -> Word {
    let half = count::<W>() / 2;
    from_lanes(|index| {
        let (from, first) = if index < half { (a, 2 * index) } else { (b, 2 * (index - half)) };
        crate::bits::add(lane::<W>(from, first), lane(from, first + 1))
    })
}

/// Lanes two and two added, with twice the bits.
pub fn widened_sums<T: Integer, W: Integer>(a: Word, signed: bool) -> Word {
    sums::<W>(extended::<T, W>(a, Half::Low, signed), extended::<T, W>(a, Half::High, signed))
}

/// Lanes of half the bits, saturating, from two operands.
pub fn narrowed<W: Integer, T: Integer>(a: Word, b: Word, signed: bool) -> Word {
    from_lanes::<T>(|index| {
        let wide = if index < count::<W>() { lane::<W>(a, index) } else { lane(b, index - count::<W>()) };
        crate::bits::narrow(wide, signed)
    })
}

/// Bytes of the first by indices in the second; zero for an index that is too large.
pub fn swizzle(a: Word, indices: Word) -> Word {
    from_lanes::<u8>(|at| {
        let index = lane::<u8>(indices, at);
        let picked = if index.value < 16 { lane(a, index.value.into()) } else { Bits::public(0) };
        if index.is_secret() { Bits::tainted(picked.value, true) } else { picked }
    })
}

/// Bytes of both by fixed indices.
pub fn shuffle(a: Word, b: Word, indices: &[u8; 16]) -> Word {
    from_lanes::<u8>(|at| {
        let index = u32::from(indices[at as usize]);
        if index < 16 { lane(a, index) } else { lane(b, index - 16) }
    })
}

/// The highest bit of each lane.
pub fn signs<T: Integer>(a: Word) -> Word {
    let mut result = Word::public(0);
    for index in 0..count::<T>() {
        let Bits { value, secret } = lane::<T>(a, index);
        result.value |= (value >> (T::BITS - 1)).widen() << index;
        result.secret |= (secret >> (T::BITS - 1)).widen() << index;
    }
    result
}

/// Whether no lane is zero. A lane that is zero in public decides.
pub fn all_true<T: Integer>(a: Word) -> Word {
    let zeros = (0..count::<T>()).map(|index| crate::bits::is_zero(lane::<T>(a, index)));
    let any = zeros.fold(Bits::<u32>::public(0), crate::bits::or);
    crate::bits::xor(any, Bits::public(1)).extend()
}
