//! The fuzz targets on their corpora, and on changes of these at random: the same at each run, more of them where `FUZZ_CHANGES` says how
//! many are made of each input. (What is found there was looked for at length before: `npm run fuzz`.)

#[path = "../fuzz/mutation.rs"]
mod mutation;
#[path = "../fuzz/targets.rs"]
mod targets;

use mutation::{Random, mutate_bytes, mutate_der};
use targets::{TARGETS, Target};

use crate::tests;

/// How many changes are made of each input in a quick run. (A browser's page must not be still for long.)
const CHANGES: u64 = if cfg!(target_arch = "wasm32") { 3 } else { 30 };

/// Run a target on its corpus: inputs that do different things, each after its length in two bytes. scripts/fuzz.js writes them.
fn run(name: &str, corpus: &'static [u8]) {
    let Target { run, header, .. } = TARGETS.into_iter().find(|target| target.name == name).unwrap();
    let changes = std::env::var("FUZZ_CHANGES").map_or(CHANGES, |changes| changes.parse().unwrap());
    let inputs = unpacked(corpus);
    assert!(!inputs.is_empty());
    for (index, input) in inputs.iter().enumerate() {
        run(input);
        for change in 0..changes {
            let mut random = Random::new((index as u64) << 32 | change);
            let changed = mutate_der(input, header, &mut random).filter(|_| change % 3 != 0);
            run(&changed.unwrap_or_else(|| {
                let mut bytes = input.to_vec();
                mutate_bytes(&mut bytes, &mut random);
                bytes
            }));
        }
    }
}

fn unpacked(mut corpus: &[u8]) -> Vec<&[u8]> {
    let mut inputs = Vec::new();
    while let Some((length, rest)) = corpus.split_first_chunk() {
        let (input, rest) = rest.split_at(u16::from_be_bytes(*length).into());
        inputs.push(input);
        corpus = rest;
    }
    inputs
}

tests! {
    fn certificates() {
        run("certificate", include_bytes!("../fuzz/corpus/certificate.bin"));
    }

    fn paths() {
        run("path", include_bytes!("../fuzz/corpus/path.bin"));
    }

    fn revocation() {
        run("revocation", include_bytes!("../fuzz/corpus/revocation.bin"));
    }

    fn ocsp() {
        run("ocsp", include_bytes!("../fuzz/corpus/ocsp.bin"));
    }

    fn pfx() {
        run("pfx", include_bytes!("../fuzz/corpus/pfx.bin"));
    }

    fn pem() {
        run("pem", include_bytes!("../fuzz/corpus/pem.bin"));
    }

    fn sessions() {
        run("session", include_bytes!("../fuzz/corpus/session.bin"));
    }

    fn client_hello() {
        run("client_hello", include_bytes!("../fuzz/corpus/client_hello.bin"));
    }
}
