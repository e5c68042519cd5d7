//! No instruction calls a bit public that depends on a secret one.

use wasmparser::{BinaryReader, OperatorsReader};

use crate::bits::Bits;
use crate::numeric::{Numeric, doubles, numeric};
use crate::random::Random;
use crate::word::Word;

/// How often each instruction is tried with operands, and these with other secrets.
const OPERANDS: usize = 300;
const SECRETS: usize = 20;

/// Every instruction without a prefix and of vectors that is known, lanes and the like at 0; and how it is called.
fn instructions() -> Vec<(String, Numeric)> {
    let plain = (0x45..=0xc4).map(|opcode| vec![opcode]);
    let vectors = (0x0c..=0x113u32).map(|opcode| vec![0xfd, opcode as u8 & 0x7f | 0x80, (opcode >> 7) as u8]);
    plain.chain(vectors).filter_map(|opcode| known([opcode, vec![0; 16]].concat())).collect()
}

fn known(code: Vec<u8>) -> Option<(String, Numeric)> {
    let operator = OperatorsReader::new(BinaryReader::new(&code, 0)).read().ok()?;
    Some((format!("{operator:?}"), numeric(&operator)?))
}

fn apply(function: &Numeric, [a, b, c]: [Word; 3]) -> Option<Word> {
    Some(match function {
        Numeric::Unary(function) => function(a),
        Numeric::Binary(function) => function(a, b),
        Numeric::Ternary(function) => function(a, b, c),
        Numeric::Division(function) => function(a, b)?,
        Numeric::Lane(function, lane) => function(a, (*lane).into()),
        Numeric::SetLane(function, lane) => function(a, b, (*lane).into()),
        Numeric::Shuffle(indices) => crate::word::shuffle(a, b, indices),
        Numeric::Doubles(2, function) => doubles(*function, [a, b, Word::public(0)]).0,
        Numeric::Doubles(_, function) => doubles(*function, [a, b, c]).0,
    })
}

fn number(random: &mut Random) -> u128 {
    u128::from_le_bytes(random.bytes(16).try_into().unwrap())
}

/// Numbers of which few bits are set, or few are not, or bytes are all of one kind, or anything.
fn odd_number(random: &mut Random) -> u128 {
    let [kind, by] = random.bytes(2).try_into().unwrap();
    match kind % 6 {
        0 => 0,
        1 => 1 << (by % 128),
        2 => !(1 << (by % 128)),
        3 => u128::from_le_bytes(
            random
                .bytes(16)
                .iter()
                .map(|byte| if byte & 1 == 1 { 0xff } else { 0 })
                .collect::<Vec<u8>>()
                .try_into()
                .unwrap(),
        ),
        4 => number(random) & number(random) & number(random),
        _ => number(random),
    }
}

/// The same with other secrets.
fn otherwise(word: Word, random: &mut Random) -> Word {
    Bits { value: word.value ^ odd_number(random) & word.secret, secret: word.secret }
}

#[test]
fn public_bits_do_not_depend_on_secret_ones() {
    let mut random = Random::new(1);
    let instructions = instructions();
    assert!(instructions.len() > 225, "{}", instructions.len());
    for (name, function) in &instructions {
        for _ in 0..OPERANDS {
            let operand = |random: &mut Random| Bits { value: odd_number(random), secret: odd_number(random) };
            let operands = [operand(&mut random), operand(&mut random), operand(&mut random)];
            let Some(result) = apply(function, operands) else { continue };
            for _ in 0..SECRETS {
                let others = operands.map(|word| otherwise(word, &mut random));
                let Some(other) = apply(function, others) else { continue };
                assert_eq!(result.secret, other.secret, "{name} of {operands:x?} and {others:x?}");
                assert_eq!((result.value ^ other.value) & !result.secret, 0, "{name} of {operands:x?} and {others:x?}");
            }
        }
    }
}

/// What a check that cries always would not know: public operands give public results, and some instructions let bits stay public.
#[test]
fn public_bits_stay_public() {
    let mut random = Random::new(2);
    for (name, function) in instructions() {
        let operands = [(); 3].map(|()| Word::public(odd_number(&mut random)));
        assert!(apply(&function, operands).is_none_or(|result| !result.is_secret()), "{name}");
    }
    let secret = Bits::<u32>::tainted(0x1234_5678, true);
    assert_eq!(crate::bits::and(secret, Bits::public(0xff)).secret, 0xff);
    assert_eq!(crate::bits::shift_left(secret, Bits::public(8)).secret, 0xffff_ff00);
    assert_eq!(crate::bits::add(crate::bits::and(secret, Bits::public(1)), Bits::public(4)).secret, 1);
    assert!(!crate::bits::differ(crate::bits::or(secret, Bits::public(1)), Bits::public(0)).is_secret());
}
