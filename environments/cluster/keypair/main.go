// Command keypair writes the pair of keys that signs the tokens of service accounts: the files sa.key and sa.pub in the
// folder that is its only argument. Python's standard library makes no such keys, and a committed one would be no secret.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: keypair <folder>")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	write("sa.key", "EC PRIVATE KEY", private, err)
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	write("sa.pub", "PUBLIC KEY", public, err)
}

func write(name, kind string, bytes []byte, err error) {
	if err != nil {
		log.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes})
	if err := os.WriteFile(filepath.Join(os.Args[1], name), text, 0o600); err != nil {
		log.Fatal(err)
	}
}
