//! Prints Mozilla's root certificates, one a line, each as the hexadecimal digits of its DER: scripts/build.js makes a module of them.

fn main() {
    for certificate in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        let digits: String = certificate.iter().map(|byte| format!("{byte:02x}")).collect();
        println!("{digits}");
    }
}
