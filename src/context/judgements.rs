//! Judgements that would come out the same again: of the same chain, by the same trust, under the same demands, as long as nothing of it has
//! begun or ended since.

use std::sync::Arc;

use crate::trust::{Demands, Judgement, TrustStore};

/// How many are kept.
const KEPT: usize = 8;

/// The least recently used first.
#[derive(Default)]
pub(super) struct Judgements(Vec<Kept>);

struct Kept {
    /// Who holds a store that others hold too can not change it.
    trust: Arc<TrustStore>,
    demands: Demands,
    chain: Vec<Vec<u8>>,
    judgement: Judgement,
}

impl Judgements {
    /// A judgement that is still good.
    pub(super) fn recall(&mut self, trust: &Arc<TrustStore>, demands: &Demands, chain: &[&[u8]]) -> Option<Judgement> {
        let place = self.0.iter().rposition(|kept| kept.is_good_for(trust, demands, chain))?;
        self.0[place..].rotate_left(1);
        self.0.last().map(|kept| kept.judgement.clone())
    }

    /// Keep a judgement.
    pub(super) fn keep(&mut self, trust: &Arc<TrustStore>, demands: &Demands, chain: &[&[u8]], judgement: &Judgement) {
        if self.0.len() == KEPT {
            self.0.remove(0);
        }
        self.0.push(Kept {
            trust: trust.clone(),
            demands: *demands,
            chain: chain.iter().map(|der| der.to_vec()).collect(),
            judgement: judgement.clone(),
        });
    }
}

impl Kept {
    fn is_good_for(&self, trust: &Arc<TrustStore>, demands: &Demands, chain: &[&[u8]]) -> bool {
        Arc::ptr_eq(&self.trust, trust)
            && self.demands.at(demands.now) == *demands
            && (self.demands.now..self.judgement.until).contains(&demands.now)
            && self.chain == chain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::Purpose;

    const DEMANDS: Demands =
        Demands { purpose: Purpose::Server, now: 100, allow_partial_chain: false, security_level: 2 };

    fn judgement(until: i64) -> Judgement {
        Judgement { verdict: None, chain: Vec::new(), root: None, key_hashes: Vec::new(), signatures_checked: 1, until }
    }

    #[test]
    fn a_judgement_is_good_for_the_same_alone_and_for_its_time() {
        let trust = Arc::new(TrustStore::default());
        let mut judgements = Judgements::default();
        judgements.keep(&trust, &DEMANDS, &[b"leaf", b"issuer"], &judgement(200));
        let mut is_known = |trust: &Arc<TrustStore>, demands: &Demands, chain: &[&[u8]]| {
            judgements.recall(trust, demands, chain).is_some()
        };
        let chain: &[&[u8]] = &[b"leaf", b"issuer"];
        assert!(is_known(&trust, &DEMANDS, chain));
        assert!(is_known(&trust, &DEMANDS.at(199), chain));
        assert!(!is_known(&trust, &DEMANDS.at(200), chain));
        assert!(!is_known(&trust, &DEMANDS.at(99), chain));
        assert!(!is_known(&trust, &Demands { security_level: 3, ..DEMANDS }, chain));
        assert!(!is_known(&trust, &Demands { allow_partial_chain: true, ..DEMANDS }, chain));
        assert!(!is_known(&trust, &Demands { purpose: Purpose::Client, ..DEMANDS }, chain));
        assert!(!is_known(&trust, &DEMANDS, &[b"leaf"]));
        assert!(!is_known(&trust, &DEMANDS, &[b"leaf", b"other"]));
        assert!(!is_known(&Arc::new(TrustStore::default()), &DEMANDS, chain));
    }

    #[test]
    fn a_store_that_changes_is_another() {
        let mut trust = Arc::new(TrustStore::default());
        let mut judgements = Judgements::default();
        judgements.keep(&trust, &DEMANDS, &[b"leaf"], &judgement(200));
        Arc::make_mut(&mut trust);
        assert!(judgements.recall(&trust, &DEMANDS, &[b"leaf"]).is_none());
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let trust = Arc::new(TrustStore::default());
        let mut judgements = Judgements::default();
        for number in 0..3 * KEPT as u8 {
            judgements.keep(&trust, &DEMANDS, &[&[number]], &judgement(200));
            assert!(judgements.recall(&trust, &DEMANDS, &[&[0]]).is_some());
            assert!(judgements.0.len() <= KEPT);
        }
        assert!(judgements.recall(&trust, &DEMANDS, &[&[1]]).is_none());
    }
}
