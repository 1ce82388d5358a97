# SPDX-FileCopyrightText: 2026 The Teahouse authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DTLS by OpenSSL, while the programs have GnuTLS: PROTOCOL.md, "Transport".

OpenSSL has no socket here. It is given what came, and what it has to say is for the
caller to send.
"""

import base64
import ctypes
import hashlib

from teahouse import expect

MAX_DATAGRAM = 1200

RECORD_CHANGE_CIPHER = 20
HANDSHAKE_RECORDS = (RECORD_CHANGE_CIPHER, 22)
RECORD_HEADER = 13

# From OpenSSL's headers, where these are macros.
BIO_C_SET_BUF_MEM_EOF_RETURN = 130
DTLS1_2_VERSION = 0xFEFD
SSL_CTRL_DTLS_GET_TIMEOUT = 73
SSL_CTRL_DTLS_HANDLE_TIMEOUT = 74
SSL_CTRL_GET_EXTMS_SUPPORT = 122
SSL_CTRL_SET_GROUPS_LIST = 92
SSL_CTRL_SET_MAX_PROTO_VERSION = 124
SSL_CTRL_SET_MIN_PROTO_VERSION = 123
SSL_CTRL_SET_MTU = 17
SSL_CTRL_SET_SIGALGS_LIST = 98
SSL_ERROR_WANT_READ = 2
SSL_ERROR_ZERO_RETURN = 6
SSL_OP_NO_EXTENDED_MASTER_SECRET = 1 << 0
SSL_OP_NO_QUERY_MTU = 1 << 12


class Timeval(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("microseconds", ctypes.c_long)]


# "Repeat a flight first after 200 ms": then OpenSSL doubles it.
@ctypes.CFUNCTYPE(ctypes.c_uint, ctypes.c_void_p, ctypes.c_uint)
def next_timeout(_, microseconds):
    return min(2 * microseconds, 2_000_000) if microseconds else 200_000


POINTER = ctypes.c_void_p
INT, LONG, SIZE, BYTES = ctypes.c_int, ctypes.c_long, ctypes.c_size_t, ctypes.c_char_p

crypto = ctypes.CDLL("libcrypto.so.3")
ssl = ctypes.CDLL("libssl.so.3")

for library, name, result, *arguments in (
        (crypto, "ASN1_INTEGER_set", INT, POINTER, LONG),
        (crypto, "BIO_ctrl", LONG, POINTER, INT, LONG, POINTER),
        (crypto, "BIO_new", POINTER, POINTER),
        (crypto, "BIO_read", INT, POINTER, POINTER, INT),
        (crypto, "BIO_s_mem", POINTER),
        (crypto, "BIO_write", INT, POINTER, BYTES, INT),
        (crypto, "ERR_clear_error", None),
        (crypto, "ERR_error_string_n", None, ctypes.c_ulong, BYTES, SIZE),
        (crypto, "ERR_get_error", ctypes.c_ulong),
        # It takes as many arguments as the kind of key needs.
        (crypto, "EVP_PKEY_Q_keygen", POINTER, POINTER, POINTER, BYTES, BYTES),
        (crypto, "EVP_DigestSign", INT, POINTER, POINTER, POINTER, BYTES, SIZE),
        (crypto, "EVP_DigestSignInit", INT, POINTER, POINTER, POINTER, POINTER, POINTER),
        (crypto, "EVP_MD_CTX_free", None, POINTER),
        (crypto, "EVP_MD_CTX_new", POINTER),
        (crypto, "EVP_PKEY_free", None, POINTER),
        (crypto, "EVP_sha256", POINTER),
        (crypto, "X509_free", None, POINTER),
        (crypto, "X509_get_X509_PUBKEY", POINTER, POINTER),
        (crypto, "X509_getm_notAfter", POINTER, POINTER),
        (crypto, "X509_getm_notBefore", POINTER, POINTER),
        (crypto, "X509_get_serialNumber", POINTER, POINTER),
        (crypto, "X509_gmtime_adj", POINTER, POINTER, LONG),
        (crypto, "X509_new", POINTER),
        (crypto, "X509_set_pubkey", INT, POINTER, POINTER),
        (crypto, "X509_set_version", INT, POINTER, LONG),
        (crypto, "X509_sign", INT, POINTER, POINTER, POINTER),
        (crypto, "i2d_X509_PUBKEY", INT, POINTER, POINTER),
        (ssl, "DTLS_client_method", POINTER),
        (ssl, "DTLS_set_timer_cb", None, POINTER, type(next_timeout)),
        (ssl, "SSL_CTX_ctrl", LONG, POINTER, INT, LONG, POINTER),
        (ssl, "SSL_CTX_free", None, POINTER),
        (ssl, "SSL_CTX_new", POINTER, POINTER),
        (ssl, "SSL_CTX_set_cipher_list", INT, POINTER, BYTES),
        (ssl, "SSL_CTX_use_PrivateKey", INT, POINTER, POINTER),
        (ssl, "SSL_CTX_use_certificate", INT, POINTER, POINTER),
        (ssl, "SSL_SESSION_free", None, POINTER),
        (ssl, "SSL_ctrl", LONG, POINTER, INT, LONG, POINTER),
        (ssl, "SSL_do_handshake", INT, POINTER),
        (ssl, "SSL_export_keying_material", INT, POINTER, POINTER, SIZE, BYTES, SIZE,
         BYTES, SIZE, INT),
        (ssl, "SSL_free", None, POINTER),
        (ssl, "SSL_get1_peer_certificate", POINTER, POINTER),
        (ssl, "SSL_get1_session", POINTER, POINTER),
        (ssl, "SSL_get_error", INT, POINTER, INT),
        (ssl, "SSL_is_init_finished", INT, POINTER),
        (ssl, "SSL_new", POINTER, POINTER),
        (ssl, "SSL_read", INT, POINTER, POINTER, INT),
        (ssl, "SSL_session_reused", INT, POINTER),
        (ssl, "SSL_set_bio", None, POINTER, POINTER, POINTER),
        (ssl, "SSL_set_connect_state", None, POINTER),
        (ssl, "SSL_set_options", ctypes.c_uint64, POINTER, ctypes.c_uint64),
        (ssl, "SSL_set_session", INT, POINTER, POINTER),
        (ssl, "SSL_shutdown", INT, POINTER),
        (ssl, "SSL_write", INT, POINTER, BYTES, INT)):
    function = getattr(library, name)
    function.restype = result
    function.argtypes = arguments


def describe_errors():
    texts = []
    while code := crypto.ERR_get_error():
        text = ctypes.create_string_buffer(256)
        crypto.ERR_error_string_n(code, text, len(text))
        texts.append(text.value.decode())
    return ", ".join(texts) or "no reason told"


def check(result, what):
    expect(result, f"OpenSSL: {what}: {describe_errors() if not result else ''}")
    return result


def fingerprint_of(certificate):
    """The SHA-256 digest of the key's SubjectPublicKeyInfo."""
    key = crypto.X509_get_X509_PUBKEY(certificate)
    data = ctypes.create_string_buffer(crypto.i2d_X509_PUBKEY(key, None))
    crypto.i2d_X509_PUBKEY(key, ctypes.byref(ctypes.c_void_p(ctypes.addressof(data))))
    return hashlib.sha256(data.raw).digest()


def write_fingerprint(digest):
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


class Key:
    """Who somebody is: a key on secp256r1, and a certificate that says nothing else."""

    def __init__(self, is_shown=True, suites="AES128-GCM-SHA256 CHACHA20-POLY1305",
                 groups="X25519 P-256", options=SSL_OP_NO_QUERY_MTU):
        self.options = options
        key = self.key = check(crypto.EVP_PKEY_Q_keygen(None, None, b"EC", b"P-256"), "make a key")
        certificate = check(crypto.X509_new(), "make a certificate")
        crypto.X509_set_version(certificate, 2)
        crypto.ASN1_INTEGER_set(crypto.X509_get_serialNumber(certificate), 1)
        # Long over: dates mean nothing.
        crypto.X509_gmtime_adj(crypto.X509_getm_notBefore(certificate), -7200)
        crypto.X509_gmtime_adj(crypto.X509_getm_notAfter(certificate), -3600)
        crypto.X509_set_pubkey(certificate, key)
        check(crypto.X509_sign(certificate, key, crypto.EVP_sha256()), "sign a certificate")
        self.fingerprint = fingerprint_of(certificate)

        context = self.context = check(ssl.SSL_CTX_new(ssl.DTLS_client_method()), "start")
        for number in (SSL_CTRL_SET_MIN_PROTO_VERSION, SSL_CTRL_SET_MAX_PROTO_VERSION):
            check(ssl.SSL_CTX_ctrl(context, number, DTLS1_2_VERSION, None), "DTLS 1.2")
        names = ":".join(f"ECDHE-ECDSA-{suite}" for suite in suites.split()).encode()
        check(ssl.SSL_CTX_set_cipher_list(context, names), names)
        for number, names in ((SSL_CTRL_SET_GROUPS_LIST, groups.replace(" ", ":").encode()),
                              (SSL_CTRL_SET_SIGALGS_LIST, b"ECDSA+SHA256")):
            check(ssl.SSL_CTX_ctrl(context, number, 0, names), names)
        if is_shown:
            check(ssl.SSL_CTX_use_certificate(context, certificate), "use the certificate")
            check(ssl.SSL_CTX_use_PrivateKey(context, key), "use the key")
        crypto.X509_free(certificate)

    def __del__(self):
        ssl.SSL_CTX_free(self.context)
        crypto.EVP_PKEY_free(self.key)

    def sign(self, data):
        """ECDSA with SHA-256, in DER."""
        context = check(crypto.EVP_MD_CTX_new(), "begin to sign")
        check(crypto.EVP_DigestSignInit(context, None, crypto.EVP_sha256(), None, self.key) == 1,
              "begin to sign")
        signature = ctypes.create_string_buffer(256)
        size = ctypes.c_size_t(len(signature))
        check(crypto.EVP_DigestSign(context, signature, ctypes.byref(size), data, len(data)) == 1,
              "sign")
        crypto.EVP_MD_CTX_free(context)
        return signature.raw[:size.value]


class Ticket:
    """What a session is resumed with."""

    def __init__(self, session):
        self.session = session

    def __del__(self):
        ssl.SSL_SESSION_free(self.session)


class Dtls:
    """A client's end of a session. What it has to send is in outbox, datagram by
    datagram; what the other side wrote is in inbox, record by record."""

    def __init__(self, key, ticket=None):
        self.key = key
        self.outbox = []
        self.inbox = []
        self.is_ready = False
        self.is_closed = False
        self.failure = None
        self.has_extended_master_secret = False
        self.fingerprint = None
        self.route = None
        # What proves who we are in a session that is resumed.
        self.proof = None

        self.ssl = check(ssl.SSL_new(key.context), "begin a session")
        self.into = crypto.BIO_new(crypto.BIO_s_mem())
        self.out_of = crypto.BIO_new(crypto.BIO_s_mem())
        for bio in (self.into, self.out_of):
            crypto.BIO_ctrl(bio, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, None)
        ssl.SSL_set_bio(self.ssl, self.into, self.out_of)
        ssl.SSL_set_options(self.ssl, key.options)
        ssl.SSL_ctrl(self.ssl, SSL_CTRL_SET_MTU, MAX_DATAGRAM, None)
        ssl.DTLS_set_timer_cb(self.ssl, next_timeout)
        if ticket is not None:
            check(ssl.SSL_set_session(self.ssl, ticket.session), "offer the ticket")
        ssl.SSL_set_connect_state(self.ssl)
        self.go_on()

    def __del__(self):
        ssl.SSL_free(self.ssl)

    def take(self, datagram):
        crypto.BIO_write(self.into, datagram, len(datagram))
        self.go_on()

    def tick(self):
        """Repeats what is due."""
        left = Timeval()
        if ssl.SSL_ctrl(self.ssl, SSL_CTRL_DTLS_GET_TIMEOUT, 0, ctypes.byref(left)) \
                and (left.seconds, left.microseconds) <= (0, 0):
            ssl.SSL_ctrl(self.ssl, SSL_CTRL_DTLS_HANDLE_TIMEOUT, 0, None)
            self.collect()

    def write(self, data):
        """Queues the datagram with one record that holds the data."""
        crypto.ERR_clear_error()
        check(ssl.SSL_write(self.ssl, data, len(data)) == len(data), "write a record")
        self.collect()

    def close(self):
        ssl.SSL_shutdown(self.ssl)
        self.collect()

    def ticket(self):
        return Ticket(check(ssl.SSL_get1_session(self.ssl), "keep the session"))

    def is_resumed(self):
        return bool(ssl.SSL_session_reused(self.ssl))

    def go_on(self):
        """Goes as far as what came allows."""
        crypto.ERR_clear_error()
        buffer = ctypes.create_string_buffer(MAX_DATAGRAM)
        while True:
            if self.is_ready:
                result = ssl.SSL_read(self.ssl, buffer, len(buffer))
            else:
                result = ssl.SSL_do_handshake(self.ssl)
            if result <= 0:
                break
            if self.is_ready:
                self.inbox.append(buffer.raw[:result])
            else:
                self.note_handshake()
        error = ssl.SSL_get_error(self.ssl, result)
        if error != SSL_ERROR_WANT_READ:
            self.is_closed = True
            self.failure = None if error == SSL_ERROR_ZERO_RETURN else describe_errors()
        self.collect()

    def note_handshake(self):
        self.has_extended_master_secret \
            = ssl.SSL_ctrl(self.ssl, SSL_CTRL_GET_EXTMS_SUPPORT, 0, None) == 1
        certificate = check(ssl.SSL_get1_peer_certificate(self.ssl), "find the certificate")
        self.fingerprint = fingerprint_of(certificate)
        crypto.X509_free(certificate)

        self.route = self.export(b"EXPORTER-teahouse-route", 8)
        if self.is_resumed():
            label = b"EXPORTER-teahouse-proof"
            self.proof = b"\0" + self.key.sign(label + b"\0" + self.export(label, 32))
        self.collect()
        self.is_ready = True

    def export(self, label, size):
        data = ctypes.create_string_buffer(size)
        check(ssl.SSL_export_keying_material(self.ssl, data, size, label, len(label), None, 0, 0),
              "export keying material")
        return data.raw

    def read_records(self):
        buffer = ctypes.create_string_buffer(65536)
        length = crypto.BIO_read(self.out_of, buffer, len(buffer))
        return buffer.raw[:max(length, 0)]

    def collect(self):
        """Makes datagrams of the records that OpenSSL has written, as few as they fit in."""
        data = self.read_records()
        datagram = b""
        # The last messages of the handshake, or a repeat of these.
        proof = b""
        if self.proof and data and data[0] == RECORD_CHANGE_CIPHER:
            check(ssl.SSL_write(self.ssl, self.proof, len(self.proof)) > 0, "write the proof")
            proof = self.read_records()
        while data:
            size = RECORD_HEADER + int.from_bytes(data[11:13], "big")
            record, data = data[:size], data[size:]
            # A route goes in front of all but these.
            if not (self.is_ready and record[0] not in HANDSHAKE_RECORDS):
                prefix = b""
            else:
                prefix = b"\xc1" + self.route
            if datagram and len(datagram) + len(record) <= MAX_DATAGRAM \
                    and datagram.startswith(b"\xc1") == bool(prefix):
                datagram += record
                continue
            if datagram:
                self.outbox.append(datagram)
            datagram = prefix + record
        if datagram:
            self.outbox.append(datagram + proof)
        for datagram in self.outbox:
            expect(len(datagram) <= MAX_DATAGRAM, f"A datagram of {len(datagram)} bytes")
