use super::*;

/// The order of the chosen suites, by name.
#[cfg(not(target_arch = "wasm32"))]
fn chosen(text: &str) -> Result<Vec<String>, InvalidCommand> {
    let mut order = Order::new();
    order.apply(text)?;
    Ok(order.chosen().map(catalogue::Suite::name).collect())
}

fn tls12(text: &str) -> Vec<u16> {
    parse(text).unwrap().tls12
}

#[test]
fn splits_as_node_does() {
    let list = parse("TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256::TLS_AES_256_GCM_SHA384 :x").unwrap();
    assert_eq!(list.tls13, Some(vec![0x1301, 0x1302]));
    assert_eq!(list.tls12, [0xc02f]);
    assert!(list.unusable.is_empty());
    let list = parse("AES128-SHA").unwrap();
    assert_eq!((list.tls12, list.tls13, list.unusable), (vec![], None, vec![0x2f]));
    let list = parse("TLS_AES_256_GCM_SHA384:TLS_AES_256_GCM_SHA384:TLS_AES_128_CCM_SHA256:TLS_BLAH").unwrap();
    assert_eq!((list.tls12, list.tls13, list.unusable), (vec![], Some(vec![0x1302]), vec![0x1304]));
    // What does not begin with "TLS_" never is a suite of TLS 1.3.
    let list = parse("-TLS_AES_128_GCM_SHA256:ECDHE+CHACHA20 TLS_AES_128_GCM_SHA256").unwrap();
    assert_eq!((list.tls12, list.tls13), (vec![0xcca9, 0xcca8], None));
    let list = parse("TLS_AES_256_GCM_SHA384:CHACHA20:!TLS_AES_128_GCM_SHA256").unwrap();
    assert_eq!((list.tls12, list.tls13), (vec![0xcca9, 0xcca8], Some(vec![0x1302])));
    // As Node's ClientHello has them: "c02f 1301 002f".
    let list = parse("AES128-SHA:TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256").unwrap();
    assert_eq!((list.tls12, list.tls13, list.unusable), (vec![0xc02f], Some(vec![0x1301]), vec![0x2f]));
}

#[test]
fn tells_errors_apart() {
    for text in ["", ":", "::"] {
        assert_eq!(parse(text), Err(CipherListError::Empty), "{text}");
    }
    for text in [
        "xyz",
        " ",
        "high",
        "TLS_BLAH",
        "TLS_BLAH:ECDHE-RSA-AES128-GCM-SHA256",
        "TLS_BLAH:@X",
        "TLS_AES_128_GCM_SHA256:xyz",
        "TLS_AES_128_GCM_SHA256,ECDHE-RSA-AES128-GCM-SHA256",
        "tls_aes_128_gcm_sha256",
        "ecdhe-rsa-aes128-gcm-sha256",
        "HIGH:!TLS_AES_128_GCM_SHA256",
        "ALL:!ALL",
        "@STRENGTH",
        "@SECLEVEL=2",
        "ECDHE+xyz",
        "ECDHE+kRSA",
        "DES-CBC3-SHA",
        "RC4-SHA",
        "TLSv1.3",
        "PROFILE=SYSTEM",
    ] {
        assert_eq!(parse(text), Err(CipherListError::NoMatch), "{text}");
    }
    for text in [
        "@SECLEVEL=9",
        "@SECLEVEL=",
        "@SECLEVEL=33",
        "@X",
        "ALL@X",
        "ALL:!",
        "+",
        "ECDHE+AESGCM+",
        "é",
        "ALL:(",
        "ALL\n",
    ] {
        assert_eq!(parse(text), Err(CipherListError::InvalidCommand), "{text}");
    }
    assert_eq!(parse("TLS_AES_128_CCM_SHA256:AES128-SHA"), Err(CipherListError::Unusable(vec![0x1304, 0x2f])));
    assert_eq!(
        parse("TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=5"),
        Err(CipherListError::Unusable(vec![0x1301, 0xc02f]))
    );
}

#[test]
fn knows_the_language() {
    assert_eq!(tls12("ALL"), TLS12);
    assert_eq!(tls12("DEFAULT"), TLS12);
    assert_eq!(tls12("ECDHE+AESGCM"), [0xc02c, 0xc030, 0xc02b, 0xc02f]);
    assert_eq!(tls12("no-such-cipher:ECDHE-RSA-AES128-GCM-SHA256"), [0xc02f]);
    assert_eq!(tls12("ECDHE-RSA-AES128-GCM-SHA256:HIGH"), [0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc02b]);
    assert_eq!(tls12("HIGH:+ECDHE+AES256"), [0xcca9, 0xcca8, 0xc02b, 0xc02f, 0xc02c, 0xc030]);
    assert_eq!(tls12("HIGH:-AESGCM:aRSA+AESGCM"), [0xcca9, 0xcca8, 0xc030, 0xc02f]);
    assert_eq!(tls12("HIGH:!AESGCM:AESGCM:ALL"), [0xcca9, 0xcca8]);
    assert_eq!(tls12("AES128+ECDHE:ALL:@STRENGTH"), [0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc02b, 0xc02f]);
    assert_eq!(tls12("SUITEB128:ALL"), [0xc02b, 0xc02c]);
    assert_eq!(tls12("ALL !AES;-aECDSA,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), [0xcca8]);
    assert_eq!(tls12("ALL!AES"), [0xcca9, 0xcca8]);
    // IANA's names, as OpenSSL 3.2 and later.
    assert_eq!(tls12("AES128-SHA TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), [0xc02f]);
}

#[test]
fn heeds_the_security_level() {
    let list = parse("ECDHE+AESGCM:@SECLEVEL=3").unwrap();
    assert_eq!((list.tls12.len(), list.tls13, list.security_level), (4, None, Some(3)));
    let list = parse("ECDHE+AESGCM:@SECLEVEL=4").unwrap();
    assert_eq!(list.tls12, [0xc02c, 0xc030]);
    assert_eq!(list.tls13, Some(vec![0x1302, 0x1303]));
    assert_eq!(list.security_level, Some(4));
    assert_eq!(parse("ALL").unwrap().security_level, None);
}

#[test]
fn tells_what_versions_are_left() {
    let only13 = parse("TLS_AES_128_GCM_SHA256").unwrap();
    assert!(only13.is_empty(true, false) && !only13.is_empty(true, true) && !only13.is_empty(false, true));
    let legacy = parse("AES128-SHA").unwrap();
    assert!(legacy.is_empty(true, false) && !legacy.is_empty(true, true));
    let only12 = parse("CHACHA20").unwrap();
    assert!(!only12.is_empty(true, false) && !only12.is_empty(false, true));
    let only12 = parse("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256").unwrap();
    assert!(!only12.is_empty(true, false) && only12.is_empty(false, true));
}

#[test]
fn names_suites() {
    assert_eq!(name(0x1304).unwrap(), "TLS_AES_128_CCM_SHA256");
    assert_eq!(name(0x002f).unwrap(), "AES128-SHA");
    assert_eq!(name(0xcca8).unwrap(), "ECDHE-RSA-CHACHA20-POLY1305");
    assert_eq!(name(0xc060).unwrap(), "ECDHE-ARIA128-GCM-SHA256");
    assert_eq!(name(0xffff), None);
}

/// The same lists, given to the `openssl` of this machine.
#[cfg(not(target_arch = "wasm32"))]
mod as_openssl {
    use std::fmt::Write;
    use std::process::Command;

    use super::*;

    const HARD: &[&str] = &[
        "ALL",
        "ALL:COMPLEMENTOFALL",
        "DEFAULT",
        "DEFAULT:!AES",
        "DEFAULTAES",
        "DEFAULT-AES:!SHA",
        "DEFAULT@STRENGTH",
        "DEFAULT!",
        "HIGH:DEFAULT",
        "ALL:!DEFAULT",
        "COMPLEMENTOFDEFAULT",
        "COMPLEMENTOFDEFAULT+AES",
        "COMPLEMENTOFDEFAULT+AES128-SHA",
        "FIPS",
        "FIPS+HIGH",
        "HIGH+AES128-SHA",
        "MEDIUM",
        "LOW:HIGH",
        "kRSA",
        "aRSA",
        "RSA",
        "kDHE:kEDH:DHE:EDH",
        "DH",
        "ECDH",
        "ADH:AECDH",
        "PSK:SRP",
        "kRSAPSK:kECDHEPSK:kDHEPSK:kPSK:aPSK:aSRP",
        "CBC",
        "ARIA:ARIA128:ARIA256:ARIAGCM",
        "AESCCM8:AESCCM",
        "SSLv3:TLSv1:TLSv1.0:TLSv1.2",
        "TLSv1.2+TLSv1",
        "TLSv1.2+AES128-SHA",
        "AES128-SHA+kRSA+SHA1",
        "AES128-SHA+AES256-SHA",
        "ALL:+RSA:+AES:-CHACHA20:CHACHA20",
        "ALL:-ALL:AES",
        "ALL:!RSA:RSA",
        "ALL:!kRSA:@STRENGTH",
        "AES128:AES256:@STRENGTH",
        "AES128 AES256,CHACHA20;CAMELLIA",
        "AES128::  ,AES256:",
        "aECDSA:aRSA:!aNULL:!eNULL",
        "EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH",
        "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:\
         DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:\
         DHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA256:DHE-RSA-AES256-SHA256:HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:\
         !PSK:!SRP:!CAMELLIA",
        "ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:RSA+AESGCM:RSA+AES:!aNULL:!MD5:!DSS",
        "SUITEB128",
        "SUITEB128ONLY:AES",
        "SUITEB128C2",
        "SUITEB192",
        "SUITEB256:AES",
        "AES:SUITEB192",
        "xyz",
        "xyz+AES:AES128+xyz",
        "ALL:xyz@X",
        "ALL:a+",
        "ALL@STRENGTH",
        "ALL@STRENGTH!AES",
        "ALL@SECLEVEL=3!AES",
        "ALL:@STRENGTH+AES:CAMELLIA",
        "ALL:@STRENGTHS",
        "ALL:@",
        "@SECLEVEL=2:ALL",
        "@SECLEVEL=6:ALL",
        "ALL:@SECLEVEL=",
        "ALL:@SECLEVEL=2x",
        "ALL:!",
        "ALL:!:AES",
        "ALL:--AES",
        "ALL:!!AES",
        "ALL:-+AES",
        "ALL:!AES+",
        "ALL:AES++CBC",
        "ALL:(AES)",
        "ALL:AES*",
        "ALL:é",
        "all",
        "AES.128",
        "3DES:RC4:DES:IDEA:SEED:RC2:GOST:AES128",
        "!3DES:!RC4:ALL",
        "NULL",
        "eNULL:aNULL",
        "ALL:eNULL:@STRENGTH",
        "MD5:SHA:SHA1:SHA256:SHA384",
        "-ALL",
        "+ALL",
        "!ALL:ALL",
    ];

    const WORDS: &[&str] = &[
        "ALL",
        "COMPLEMENTOFALL",
        "COMPLEMENTOFDEFAULT",
        "HIGH",
        "MEDIUM",
        "LOW",
        "FIPS",
        "eNULL",
        "NULL",
        "aNULL",
        "kRSA",
        "aRSA",
        "RSA",
        "kDHE",
        "kEDH",
        "DHE",
        "EDH",
        "DH",
        "kECDHE",
        "kEECDH",
        "ECDHE",
        "EECDH",
        "ECDH",
        "aECDSA",
        "ECDSA",
        "aDSS",
        "DSS",
        "ADH",
        "AECDH",
        "AES",
        "AES128",
        "AES256",
        "AESGCM",
        "AESCCM",
        "AESCCM8",
        "CHACHA20",
        "CAMELLIA",
        "CAMELLIA128",
        "CAMELLIA256",
        "ARIA",
        "ARIA128",
        "ARIA256",
        "ARIAGCM",
        "CBC",
        "3DES",
        "RC4",
        "MD5",
        "SHA",
        "SHA1",
        "SHA256",
        "SHA384",
        "PSK",
        "kPSK",
        "kRSAPSK",
        "kDHEPSK",
        "kECDHEPSK",
        "aPSK",
        "SRP",
        "kSRP",
        "aSRP",
        "TLSv1.2",
        "TLSv1",
        "SSLv3",
        "xyz",
    ];

    /// A small generator of numbers (xorshift), so that a failure can be repeated.
    struct Random(u64);

    impl Random {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap() % limit
        }

        fn item(&mut self) -> String {
            if self.below(14) == 0 {
                return "@STRENGTH".into();
            }
            let mut item = String::from(["", "", "", "", "!", "-", "+"][self.below(7)]);
            if self.below(3) == 0 {
                let suite = &catalogue::SUITES[self.below(catalogue::SUITES.len())];
                return item + &suite.name();
            }
            let words = [1, 1, 1, 2, 2, 3][self.below(6)];
            for index in 0..words {
                let word = if self.below(40) == 0 { "AES128-SHA" } else { WORDS[self.below(WORDS.len())] };
                write!(item, "{}{word}", if index == 0 { "" } else { "+" }).unwrap();
            }
            item
        }

        fn list(&mut self) -> String {
            let mut list = String::from(["", "ALL", "HIGH", "DEFAULT", "ECDHE", "DEFAULT:eNULL"][self.below(6)]);
            for _ in 0..=self.below(7) {
                list.push([':', ':', ':', ' ', ',', ';'][self.below(6)]);
                list.push_str(&self.item());
            }
            list
        }
    }

    fn openssl(arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("openssl").arg("ciphers").args(arguments).output().expect("openssl is installed");
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned());
        }
        Err(String::from_utf8(output.stderr).unwrap())
    }

    fn below_tls13(names: &str) -> Vec<String> {
        names.split(':').filter(|name| !name.is_empty() && !name.starts_with("TLS_")).map(String::from).collect()
    }

    /// OpenSSL 3.2 counts CCM with short tags as weak.
    fn without_short_tags(mut names: Vec<String>) -> Vec<String> {
        names.retain(|name| !name.ends_with("CCM8"));
        names
    }

    #[test]
    fn orders_of_hard_and_random_lists() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let mut lists: Vec<String> = HARD.iter().map(|text| (*text).to_owned()).collect();
        lists.resize_with(HARD.len() + 300, || random.list());
        let mut answers = [0; 3];
        for text in lists {
            match openssl(&["--", &text]) {
                Ok(names) => {
                    answers[0] += 1;
                    let expected = without_short_tags(below_tls13(&names));
                    assert_eq!(chosen(&text).map(without_short_tags), Ok(expected), "{text}");
                }
                Err(error) if error.contains("invalid command") => {
                    answers[1] += 1;
                    assert_eq!(chosen(&text), Err(InvalidCommand), "{text}");
                }
                Err(error) => {
                    answers[2] += 1;
                    assert!(error.contains("no cipher match"), "{text}: {error}");
                    assert_eq!(chosen(&text), Ok(vec![]), "{text}");
                }
            }
        }
        assert!(answers.iter().all(|count| *count > 4), "{answers:?}");
    }

    #[test]
    fn usable_suites_of_lists() {
        let levels = ["ALL:@SECLEVEL=0", "ALL:@SECLEVEL=2", "ALL:@SECLEVEL=3", "ALL:@SECLEVEL=4", "ECDHE:@SECLEVEL=5"];
        for text in
            levels.into_iter().chain(["HIGH:+ECDHE+AES256", "AES128+ECDHE:ALL:@STRENGTH", "HIGH:-AESGCM:aRSA+AESGCM"])
        {
            let list = parse(text).unwrap();
            let tls12: Vec<_> = list.tls12.iter().map(|suite| name(*suite).unwrap()).collect();
            let ours: Vec<_> = TLS12.iter().map(|suite| name(*suite).unwrap()).collect();
            let mut expected = below_tls13(&openssl(&["-s", "-tls1_2", text]).unwrap());
            expected.retain(|name| ours.contains(name));
            assert_eq!(tls12, expected, "{text}");

            let tls13: Vec<_> =
                list.tls13.unwrap_or(TLS13.to_vec()).iter().map(|suite| name(*suite).unwrap()).collect();
            assert_eq!(tls13.join(":"), openssl(&["-s", "-tls1_3", text]).unwrap(), "{text}");
        }
    }

    #[test]
    fn the_catalogue() {
        let table = openssl(&["-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]).unwrap();
        let mut seen = 0;
        for line in table.lines() {
            let columns: Vec<_> = line.split_whitespace().collect();
            let number = u16::from_str_radix(&columns[0].replace("0x", "").replace(',', ""), 16).unwrap();
            assert_eq!(name(number).unwrap(), columns[4], "{line}");
            let Some(suite) = catalogue::SUITES.iter().find(|suite| suite.number == number) else { continue };
            assert!(suite.is_called(columns[2]) && suite.is_called(columns[4]), "{line}");
            assert!(
                !suite.is_called(&columns[4][1..]) && !suite.is_called(&columns[2][..columns[2].len() - 1]),
                "{line}"
            );
            seen += 1;
        }
        assert_eq!(seen, catalogue::SUITES.len());
    }
}
