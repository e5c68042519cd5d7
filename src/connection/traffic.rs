//! Records after the handshake.

use rustls::client::ClientSide;
use rustls::error::Error;
use rustls::server::ServerSide;
use rustls::split::{ReceiveTraffic, ReceiveTrafficState, SendTraffic, SplitConnection};
use rustls::{ConnectionOutputs, SideData};

use super::Window;

/// Both directions of a connection whose handshake is done.
pub(super) struct Traffic {
    /// `None` once the peer has sent close_notify.
    receive: Option<Receive>,
    /// `None` once we have sent close_notify.
    pub(super) send: Option<SendTraffic>,
}

enum Receive {
    Client(ReceiveTraffic<ClientSide>),
    Server(ReceiveTraffic<ServerSide>),
}

/// What reading found.
pub(super) struct Read {
    pub(super) peer_closed: bool,
    /// Receiving gave the sender something to send: a key update, an alert.
    pub(super) flush: bool,
}

impl Traffic {
    pub(super) fn of_client(split: SplitConnection<ClientSide>) -> (Self, ConnectionOutputs) {
        (Self { receive: Some(Receive::Client(split.receive)), send: Some(split.send) }, split.outputs)
    }

    pub(super) fn of_server(split: SplitConnection<ServerSide>) -> (Self, ConnectionOutputs) {
        (Self { receive: Some(Receive::Server(split.receive)), send: Some(split.send) }, split.outputs)
    }

    /// Open all whole records of the window, and note the place and length of their plaintext in it.
    pub(super) fn read(&mut self, window: &mut Window, records: &mut Vec<(usize, usize)>) -> Result<Read, Error> {
        let (receive, read) = match self.receive.take() {
            Some(Receive::Client(receive)) => {
                let (receive, read) = read_records(receive, window, records)?;
                (receive.map(Receive::Client), read)
            }
            Some(Receive::Server(receive)) => {
                let (receive, read) = read_records(receive, window, records)?;
                (receive.map(Receive::Server), read)
            }
            None => {
                // After close_notify everything is ignored (RFC 8446, 6.1).
                let held = window.bytes().len();
                rustls::TlsInputBuffer::discard(window, held);
                (None, Read { peer_closed: false, flush: false })
            }
        };
        self.receive = receive;
        Ok(read)
    }
}

fn read_records<Side: SideData>(
    mut receive: ReceiveTraffic<Side>,
    window: &mut Window,
    records: &mut Vec<(usize, usize)>,
) -> Result<(Option<ReceiveTraffic<Side>>, Read), Error> {
    let mut flush = false;
    loop {
        let mut more = false;
        let mut next = match receive.read(window)? {
            ReceiveTrafficState::Available(mut record) => {
                more = true;
                let data = record.data();
                let (pointer, length) = (data.as_ptr(), data.len());
                let next = record.into_next();
                if length > 0 {
                    records.push((window.place_of_pointer(pointer), length));
                }
                next
            }
            ReceiveTrafficState::ReadMore(receive) => ReceiveTrafficState::ReadMore(receive),
            ReceiveTrafficState::FlushSender(sender) => ReceiveTrafficState::FlushSender(sender),
            ReceiveTrafficState::CloseNotify => ReceiveTrafficState::CloseNotify,
        };
        if let ReceiveTrafficState::FlushSender(sender) = next {
            flush = true;
            next = sender.into_next();
        }
        match next {
            ReceiveTrafficState::ReadMore(next) if more => receive = next,
            ReceiveTrafficState::ReadMore(next) => return Ok((Some(next), Read { peer_closed: false, flush })),
            _ => return Ok((None, Read { peer_closed: true, flush })),
        }
    }
}
