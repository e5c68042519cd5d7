//! What shows something of a secret to somebody who can measure time.

use std::collections::BTreeMap;
use std::fmt;

/// In which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The condition of a branch, or the index of a table of branches.
    Branch,
    /// The function that is called.
    Call,
    /// The address of an access to memory.
    Address,
    /// How much memory is copied, filled or asked for.
    Length,
    /// An operand of a division.
    Division,
    /// An operand or a result of an instruction on doubles that is subnormal, infinite or none.
    Double,
    /// The condition of a `select`: engines may make a branch of it, though none is known to where both values are there.
    Select,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(match self {
            Self::Branch => "branch",
            Self::Call => "call",
            Self::Address => "address",
            Self::Length => "length",
            Self::Division => "division",
            Self::Double => "double",
            Self::Select => "select",
        })
    }
}

/// A place in the code where it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// The function's number.
    pub function: usize,
    /// The step in it.
    pub step: usize,
    /// In which way.
    pub kind: Kind,
}

/// How often, and by which way it was come to first.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How often.
    pub times: u64,
    /// Functions that were being run, the outermost first.
    pub callers: Vec<usize>,
}

/// All that was found in a run.
pub type Leaks = BTreeMap<Site, Found>;
