//! Judgements that would come out the same again: of the same chain, by the same trust, under the same demands, as long as nothing of it has
//! begun or ended since. They are of all contexts, as connections that are given none make one each, and those share what they trust by
//! default.

use std::cell::RefCell;
use std::sync::{Arc, Weak};

use isomorphic_tls_kernels::recently_used::RecentlyUsed;

use crate::certificate::Malformed;
use crate::trust::{Demands, Judgement, TrustStore, judge};

/// How many are kept.
const KEPT: usize = 16;

thread_local! {
    static KEPT_ONES: RefCell<Judgements> = const { RefCell::new(Judgements::new()) };
}

/// What is asked: the parameters of [`judge`].
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) trust: &'q Arc<TrustStore>,
    pub(super) leaf: &'q [u8],
    pub(super) others: &'q [&'q [u8]],
    pub(super) demands: Demands,
}

/// As [`judge`]; what has been judged before need not be judged again.
pub(super) fn judge_once(question: Question<'_>) -> Result<Judgement, Malformed> {
    if let Some(judgement) = KEPT_ONES.with_borrow_mut(|kept| kept.recall(question)) {
        return Ok(judgement);
    }
    let Question { trust, leaf, others, demands } = question;
    let judgement = judge(trust, leaf, others, &demands)?;
    KEPT_ONES.with_borrow_mut(|kept| kept.keep(question, &judgement));
    Ok(judgement)
}

struct Judgements(RecentlyUsed<Kept>);

struct Kept {
    /// It is gone with its last context, and who changes a store of which somebody knows makes another.
    trust: Weak<TrustStore>,
    demands: Demands,
    leaf: Vec<u8>,
    others: Vec<Vec<u8>>,
    judgement: Judgement,
}

impl Judgements {
    const fn new() -> Self {
        Self(RecentlyUsed::new(KEPT))
    }

    /// A judgement that is still good.
    fn recall(&mut self, question: Question<'_>) -> Option<Judgement> {
        self.0.find(|kept| kept.is_good_for(question)).map(|kept| kept.judgement.clone())
    }

    fn keep(&mut self, Question { trust, leaf, others, demands }: Question<'_>, judgement: &Judgement) {
        // Of a trust that is gone nobody asks any more.
        self.0.retain(|kept| kept.trust.strong_count() > 0);
        self.0.push(Kept {
            trust: Arc::downgrade(trust),
            demands,
            leaf: leaf.to_vec(),
            others: others.iter().map(|der| der.to_vec()).collect(),
            judgement: judgement.clone(),
        });
    }
}

impl Kept {
    fn is_good_for(&self, Question { trust, leaf, others, demands }: Question<'_>) -> bool {
        self.trust.upgrade().is_some_and(|kept| Arc::ptr_eq(&kept, trust))
            && self.demands.at(demands.now) == demands
            && (self.demands.now..self.judgement.until).contains(&demands.now)
            && self.leaf == leaf
            && self.others == others
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Purpose;

    const DEMANDS: Demands =
        Demands { purpose: Purpose::Server, now: 100, allow_partial_chain: false, security_level: 2 };

    fn question<'q>(trust: &'q Arc<TrustStore>, leaf: &'q [u8], others: &'q [&'q [u8]]) -> Question<'q> {
        Question { trust, leaf, others, demands: DEMANDS }
    }

    fn judgement(until: i64) -> Judgement {
        Judgement { verdict: None, chain: Vec::new(), root: None, key_hashes: Vec::new(), signatures_checked: 1, until }
    }

    #[test]
    fn a_judgement_is_good_for_the_same_alone_and_for_its_time() {
        let trust = Arc::new(TrustStore::default());
        let mut judgements = Judgements::new();
        judgements.keep(question(&trust, b"leaf", &[b"issuer"]), &judgement(200));
        let mut is_known = |trust: &Arc<TrustStore>, demands: &Demands, leaf: &[u8], others: &[&[u8]]| {
            judgements.recall(Question { trust, leaf, others, demands: *demands }).is_some()
        };
        assert!(is_known(&trust, &DEMANDS, b"leaf", &[b"issuer"]));
        assert!(is_known(&trust, &DEMANDS.at(199), b"leaf", &[b"issuer"]));
        assert!(!is_known(&trust, &DEMANDS.at(200), b"leaf", &[b"issuer"]));
        assert!(!is_known(&trust, &DEMANDS.at(99), b"leaf", &[b"issuer"]));
        assert!(!is_known(&trust, &Demands { security_level: 3, ..DEMANDS }, b"leaf", &[b"issuer"]));
        assert!(!is_known(&trust, &Demands { allow_partial_chain: true, ..DEMANDS }, b"leaf", &[b"issuer"]));
        assert!(!is_known(&trust, &Demands { purpose: Purpose::Client, ..DEMANDS }, b"leaf", &[b"issuer"]));
        assert!(!is_known(&trust, &DEMANDS, b"leaf", &[]));
        assert!(!is_known(&trust, &DEMANDS, b"leaf", &[b"other"]));
        assert!(!is_known(&trust, &DEMANDS, b"other", &[b"issuer"]));
        assert!(!is_known(&Arc::new(TrustStore::default()), &DEMANDS, b"leaf", &[b"issuer"]));
    }

    #[test]
    fn a_store_that_changes_is_another_and_one_that_is_gone_is_none() {
        let mut trust = Arc::new(TrustStore::default());
        let mut judgements = Judgements::new();
        judgements.keep(question(&trust, b"leaf", &[]), &judgement(200));
        Arc::make_mut(&mut trust);
        assert!(judgements.recall(question(&trust, b"leaf", &[])).is_none());
        judgements.keep(question(&trust, b"leaf", &[]), &judgement(200));
        assert_eq!(judgements.0.len(), 1);
        drop(trust);
        judgements.keep(question(&Arc::default(), b"leaf", &[]), &judgement(200));
        assert_eq!(judgements.0.len(), 1);
    }

    #[test]
    fn what_is_judged_is_kept_and_what_is_kept_is_not_judged() {
        let key = rcgen::KeyPair::generate().unwrap();
        let leaf = rcgen::CertificateParams::default().self_signed(&key).unwrap();
        let trust = Arc::new(TrustStore::default());
        let asked = question(&trust, leaf.der(), &[]);
        let judged = judge_once(asked).unwrap();
        assert_ne!(judged.verdict, None);
        let kept = KEPT_ONES.with_borrow_mut(|kept| kept.recall(asked));
        assert_eq!(kept.map(|kept| kept.until), Some(judged.until));
        // It is no certificate: who is asked again says what was kept.
        let asked = question(&trust, b"leaf", &[]);
        KEPT_ONES.with_borrow_mut(|kept| kept.keep(asked, &judgement(200)));
        assert_eq!(judge_once(asked).unwrap().until, 200);
        assert!(judge_once(question(&trust, b"other", &[])).is_err());
    }

    #[test]
    fn not_everything_is_kept() {
        let trust = Arc::new(TrustStore::default());
        let mut judgements = Judgements::new();
        for number in 0..=KEPT as u8 {
            judgements.keep(question(&trust, &[number], &[]), &judgement(200));
        }
        assert!(judgements.recall(question(&trust, &[0], &[])).is_none());
        assert_eq!(judgements.0.len(), KEPT);
    }
}
