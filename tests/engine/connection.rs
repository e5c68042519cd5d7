//! A connection, step by step.

use isomorphic_tls::connection::{Failure, Status};

use crate::certificates::NOW;
use crate::peer::{bring, pair, plaintext, send, shake_hands, take};
use crate::tests;

/// The versions that a client may be limited to.
const VERSIONS: [(bool, bool); 3] = [(true, true), (true, false), (false, true)];

tests! {
    fn handshakes_and_data_in_each_version() {
        for (tls12, tls13) in VERSIONS {
            let (mut server, mut client) = pair(tls12, tls13);
            shake_hands(&mut server, &mut client);
            let version = client.outputs().unwrap().protocol_version().unwrap();
            assert_eq!(version.0, if tls13 { 0x0304 } else { 0x0303 });
            assert!(send(&mut client, b"ping").has(Status::CIPHERTEXT));
            let answer = server.receive(&take(&mut client)).unwrap();
            assert_eq!(server.received, b"ping");
            assert!(answer.is_empty());
            let status = bring(&mut client, &server.send(b"pong"));
            assert!(status.has(Status::PLAINTEXT));
            assert_eq!(plaintext(&mut client), [b"pong"]);
        }
    }

    fn nothing_is_sent_to_a_peer_that_is_not_accepted() {
        for (tls12, tls13) in VERSIONS {
            let (mut server, mut client) = pair(tls12, tls13);
            let flight = server.receive(&take(&mut client)).unwrap();
            client.inbound(flight.len()).unwrap().copy_from_slice(&flight);
            let status = client.receive(flight.len(), NOW);
            assert!(status.has(Status::PEER_IDENTITY));
            // A ChangeCipherSpec for middleboxes (RFC 8446, D.4) says nothing; in TLS 1.2 not even that.
            let sent = take(&mut client);
            assert!(sent.is_empty() || sent == [20, 3, 3, 0, 1, 1]);
            assert_eq!(send(&mut client, b"secret"), Status::FAILED);
            assert!(take(&mut client).is_empty());
        }
    }

    fn a_declined_peer_is_told_why() {
        for (code, alert) in [
            ("CERT_HAS_EXPIRED", 45),
            ("DEPTH_ZERO_SELF_SIGNED_CERT", 48),
            ("ERR_TLS_CERT_ALTNAME_INVALID", 42),
            ("whatever", 46),
        ] {
            let (mut server, mut client) = pair(true, true);
            let flight = server.receive(&take(&mut client)).unwrap();
            client.inbound(flight.len()).unwrap().copy_from_slice(&flight);
            assert!(client.receive(flight.len(), NOW).has(Status::PEER_IDENTITY));
            assert!(client.decline_peer(code, NOW).has(Status::FAILED | Status::CIPHERTEXT));
            let told = server.receive(&take(&mut client)).unwrap_err();
            assert_eq!(told, rustls::Error::AlertReceived(rustls::error::AlertDescription(alert)));
            assert_eq!(client.accept_peer(true, NOW), Status::FAILED);
        }
    }

    fn bytes_may_come_one_at_a_time() {
        for (tls12, tls13) in VERSIONS {
            let (mut server, mut client) = pair(tls12, tls13);
            let mut status = Status::NOTHING;
            for _ in 0..4 {
                for byte in server.receive(&take(&mut client)).unwrap() {
                    status |= bring(&mut client, &[byte]);
                }
            }
            assert!(status.has(Status::HANDSHAKE_DONE));
            let mut received = Vec::new();
            for byte in server.send(b"slowly") {
                if bring(&mut client, &[byte]).has(Status::PLAINTEXT) {
                    received.extend(plaintext(&mut client).concat());
                }
            }
            assert_eq!(received, b"slowly");
        }
    }

    fn many_records_come_of_one_call() {
        let (mut server, mut client) = pair(true, true);
        shake_hands(&mut server, &mut client);
        let mut ciphertext = Vec::new();
        for size in [1, 16_384, 100, 40_000] {
            ciphertext.extend(server.send(&vec![size as u8; size]));
        }
        ciphertext.extend(server.close());
        let status = bring(&mut client, &ciphertext);
        assert!(status.has(Status::PLAINTEXT | Status::PEER_CLOSED));
        let records = plaintext(&mut client);
        assert!(records.len() >= 6 && records.iter().all(|record| record.len() <= 16_384));
        let sent: Vec<_> = [1, 16_384, 100, 40_000].iter().flat_map(|size| vec![*size as u8; *size]).collect();
        assert_eq!(records.concat(), sent);
    }

    fn tickets_data_and_close_may_come_together() {
        let (mut server, mut client) = pair(false, true);
        let flight = server.receive(&take(&mut client)).unwrap();
        assert!(bring(&mut client, &flight).has(Status::HANDSHAKE_DONE));
        let mut ciphertext = server.receive(&take(&mut client)).unwrap();
        assert!(!ciphertext.is_empty(), "the server sends tickets");
        ciphertext.extend(server.send(b"all"));
        ciphertext.extend(server.close());
        assert_eq!(bring(&mut client, &ciphertext), Status::PLAINTEXT | Status::PEER_CLOSED | Status::SESSION);
        assert_eq!(plaintext(&mut client), [b"all"]);
    }

    fn each_side_closes_for_itself() {
        let (mut server, mut client) = pair(true, true);
        shake_hands(&mut server, &mut client);
        assert!(client.close().has(Status::CIPHERTEXT));
        server.receive(&take(&mut client)).unwrap();
        assert!(server.peer_closed);
        client.take_sessions();
        assert_eq!(client.close(), Status::NOTHING);
        assert!(bring(&mut client, &server.send(b"still here")).has(Status::PLAINTEXT));
        assert_eq!(plaintext(&mut client), [b"still here"]);
        assert!(bring(&mut client, &server.close()).has(Status::PEER_CLOSED));
        assert_eq!(bring(&mut client, b"what comes now is ignored"), Status::NOTHING);
    }

    fn every_truncation_of_the_first_flight_waits() {
        for (tls12, tls13) in [(true, false), (false, true)] {
            let (mut server, mut client) = pair(tls12, tls13);
            let flight = server.receive(&take(&mut client)).unwrap();
            for byte in &flight[..flight.len() - 1] {
                client.inbound(1).unwrap()[0] = *byte;
                let status = client.receive(1, NOW);
                assert!(!status.has(Status::FAILED) && !status.has(Status::HANDSHAKE_DONE));
            }
        }
    }

    fn every_flipped_byte_of_the_first_flight_fails_or_waits() {
        for (tls12, tls13) in [(true, false), (false, true)] {
            let length = {
                let (mut server, mut client) = pair(tls12, tls13);
                server.receive(&take(&mut client)).unwrap().len()
            };
            for index in 0..length {
                let (mut server, mut client) = pair(tls12, tls13);
                let mut flight = server.receive(&take(&mut client)).unwrap();
                let index = index % flight.len();
                flight[index] ^= 0x41;
                client.inbound(flight.len()).unwrap().copy_from_slice(&flight);
                let mut status = client.receive(flight.len(), NOW);
                if status.has(Status::PEER_IDENTITY) {
                    let _ = client.judge_peer();
                    status = client.accept_peer(true, NOW);
                }
                // The version in a record's header is nobody's business (RFC 8446, 5.1). In TLS 1.2 the server's Finished,
                // which proves the transcript, comes later.
                assert!(!status.has(Status::HANDSHAKE_DONE) || is_record_version(&flight, index), "byte {index}");
                if status.has(Status::FAILED) {
                    assert!(client.failure().is_some());
                }
            }
        }
    }

    fn junk_fails_at_once() {
        let (_, mut client) = pair(true, true);
        take(&mut client);
        let status = bring(&mut client, b"HTTP/1.1 400 Bad Request\r\n\r\n");
        assert!(status.has(Status::FAILED));
        assert_eq!(client.failure().unwrap().to_string(), "wrong version number:InvalidContentType");
        assert!(bring(&mut client, b"more").has(Status::FAILED));
    }

    fn input_has_a_limit() {
        let (_, mut client) = pair(true, true);
        take(&mut client);
        assert!(client.inbound(1 << 20).is_none());
        assert_eq!(client.failure(), Some(&Failure::TooMuchInput));
        assert_eq!(client.receive(0, NOW), Status::FAILED);
    }

    fn a_tampered_record_fails() {
        let (mut server, mut client) = pair(true, true);
        shake_hands(&mut server, &mut client);
        let mut ciphertext = server.send(b"good");
        let good = ciphertext.len();
        ciphertext.extend(server.send(b"tampered"));
        ciphertext[good + 8] ^= 1;
        let status = bring(&mut client, &ciphertext);
        assert!(status.has(Status::PLAINTEXT | Status::FAILED | Status::CIPHERTEXT));
        assert_eq!(plaintext(&mut client), [b"good"]);
        assert_eq!(client.failure().unwrap().to_string(), "decryption failed or bad record mac:");
    }
}

/// Whether a byte of a flight is one of the two of a record header's version.
fn is_record_version(flight: &[u8], index: usize) -> bool {
    let mut start = 0;
    while let Some(header) = flight.get(start..start + 5) {
        if index == start + 1 || index == start + 2 {
            return true;
        }
        start += 5 + usize::from(header[3]) * 256 + usize::from(header[4]);
    }
    false
}
