"""A CMS file (RFC 5652, EnvelopedData) that is encrypted while it is written, so that it never lies in memory whole.

What `cryptography` offers takes and gives the whole content as bytes. The head of the file says how long the content
is, so it is made last and stands in front: whoever stores the file writes `head()` and then what went to `into`.
"""

import secrets
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SEQUENCE, SET, INTEGER, OCTETS, OBJECT, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, b"\x05\x00"
TAGGED, TAGGED_OCTETS = 0xA0, 0x80  # [0] EXPLICIT, and [0] IMPLICIT of octets
# 1.2.840.113549.1.7.1 and .7.3, 1.2.840.113549.1.1.1, 2.16.840.1.101.3.4.1.42
DATA = bytes.fromhex("2a864886f70d010701")
ENVELOPED = bytes.fromhex("2a864886f70d010703")
RSA = bytes.fromhex("2a864886f70d010101")
AES256_CBC = bytes.fromhex("60864801650304012a")


class SealedFile:
    """Takes plain bytes by `write` and gives encrypted ones to `into`; only the holder of the certificate opens it."""

    def __init__(self, certificate: x509.Certificate, into: BinaryIO):
        self.certificate, self.into, self.size = certificate, into, 0
        self._key, self._iv = secrets.token_bytes(32), secrets.token_bytes(16)
        self._encryptor = Cipher(algorithms.AES256(self._key), modes.CBC(self._iv)).encryptor()
        self._padder = padding.PKCS7(128).padder()

    def write(self, data: bytes) -> int:
        """Encrypt some more; how many bytes were taken."""
        self._put(self._encryptor.update(self._padder.update(data)))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here but less than a block."""

    def close(self) -> None:
        """The last block. Afterwards nothing can be written."""
        self._put(self._encryptor.update(self._padder.finalize()) + self._encryptor.finalize())

    def head(self) -> bytes:
        """What stands before the encrypted content, once all of it is written."""
        content = _opening(TAGGED_OCTETS, self.size)
        algorithm = _value(SEQUENCE, _value(OBJECT, AES256_CBC), _value(OCTETS, self._iv))
        about = _value(OBJECT, DATA) + algorithm + content
        encrypted = _opening(SEQUENCE, len(about) + self.size) + about
        inner = _value(INTEGER, b"\x00") + _value(SET, self._recipient()) + encrypted
        enveloped = _opening(SEQUENCE, len(inner) + self.size) + inner
        tagged = _opening(TAGGED, len(enveloped) + self.size) + enveloped
        whole = _value(OBJECT, ENVELOPED) + tagged
        return _opening(SEQUENCE, len(whole) + self.size) + whole

    def _recipient(self) -> bytes:
        public = self.certificate.public_key()
        if not isinstance(public, RSAPublicKey):
            raise TypeError("only a key of RSA can be the recipient's")
        serial = self.certificate.serial_number
        number = serial.to_bytes(serial.bit_length() // 8 + 1, "big")
        return _value(
            SEQUENCE,
            _value(INTEGER, b"\x00"),
            _value(SEQUENCE, self.certificate.issuer.public_bytes(), _value(INTEGER, number)),
            _value(SEQUENCE, _value(OBJECT, RSA), NULL),
            _value(OCTETS, public.encrypt(self._key, PKCS1v15())),
        )

    def _put(self, encrypted: bytes) -> None:
        self.into.write(encrypted)
        self.size += len(encrypted)


def _value(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return _opening(tag, len(content)) + content


def _opening(tag: int, length: int) -> bytes:
    """The tag and length of a value in DER."""
    if length < 0x80:
        return bytes([tag, length])
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size
