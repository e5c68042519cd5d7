//! What the `openssl` command says of the cases of tests/engine/revocation.rs. It stops at the first complaint but for what has
//! expired or not begun, where Node goes on to the last.

use std::path::Path;
use std::process::Command;

use isomorphic_tls::trust::Verdict;

use crate::certificates::NOW_SECONDS;
use crate::revocation::{Case, cases};

/// X509_V_ERR_*
fn number(verdict: Verdict) -> u32 {
    match verdict {
        Verdict::UnableToGetCrl => 3,
        Verdict::CrlSignatureFailure => 8,
        Verdict::CrlNotYetValid => 11,
        Verdict::CrlHasExpired => 12,
        Verdict::ErrorInCrlLastUpdateField => 15,
        Verdict::ErrorInCrlNextUpdateField => 16,
        Verdict::UnableToGetIssuerCertLocally => 20,
        Verdict::CertRevoked => 23,
        Verdict::KeyUsageNoCrlSign => 35,
        Verdict::UnhandledCriticalCrlExtension => 36,
        Verdict::DifferentCrlScope => 44,
        other => panic!("{other:?}"),
    }
}

/// The number of OpenSSL's last complaint.
fn verify(case: &Case, folder: &Path) -> Option<u32> {
    let file = |name: &str, form: &str, der: &[u8]| {
        let (raw, pem) = (folder.join(format!("{name}.der")), folder.join(format!("{name}.pem")));
        std::fs::write(&raw, der).unwrap();
        let converted =
            Command::new("openssl").args([form, "-inform", "DER", "-in"]).arg(&raw).arg("-out").arg(&pem).output();
        assert!(converted.unwrap().status.success(), "{}: {name}", case.name);
        pem
    };
    let now = NOW_SECONDS.to_string();
    let mut command = Command::new("openssl");
    command.args(["verify", "-crl_check_all", "-purpose", "sslserver", "-no-CApath", "-no-CAstore", "-attime", &now]);
    if case.may_be_partial {
        command.arg("-partial_chain");
    }
    command.arg("-CAfile").arg(file("trusted", "x509", &case.trusted));
    for (index, der) in case.lists.iter().enumerate() {
        command.arg("-CRLfile").arg(file(&format!("list-{index}"), "crl", der));
    }
    for (index, der) in case.chain[1..].iter().enumerate() {
        command.arg("-untrusted").arg(file(&format!("other-{index}"), "x509", der));
    }
    let output = command.arg(file("leaf", "x509", &case.chain[0])).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let mut complaints = said.lines().filter_map(|line| line.strip_prefix("error ")?.split(' ').next()?.parse().ok());
    let last = complaints.next_back();
    assert_eq!(last.is_none(), output.status.success(), "{}: {said}", case.name);
    last
}

#[test]
fn openssl_says_the_same_of_lists() {
    let folder = std::env::temp_dir().join(format!("isomorphic-tls-lists-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut differences = Vec::new();
    for case in cases() {
        let expected = case.first.or(case.verdict).map(number);
        let said = verify(&case, &folder);
        if said != expected {
            differences.push(format!("{}: {said:?} instead of {expected:?}", case.name));
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}
