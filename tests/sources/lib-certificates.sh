# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Certificates for servers of the tests, in files NAME.pem with the key NAME.key:
#
#	authority NAME			make an authority
#	certificate NAME HOST ALTERNATIVES	make a certificate for HOST and its alternative
#					names, signed by the authority "own"
requires openssl version

authority() {
	run openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$1" -keyout "$1.key" \
		-out "$1.pem" >openssl.log 2>&1
}

certificate() {
	run openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr" \
		>openssl.log 2>&1
	printf 'subjectAltName=%s\n' "$3" >"$1.ext"
	run openssl x509 -req -in "$1.csr" -CA own.pem -CAkey own.key -CAcreateserial -days 30 \
		-extfile "$1.ext" -out "$1.pem" >openssl.log 2>&1
}
