#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""An HTTP server with faults that the URL selects.

    http-server.py DIRECTORY PORTFILE [PORT [CERTIFICATE KEY]]

With a certificate it speaks HTTPS.

/FAULTS/NAME serves the file NAME of DIRECTORY.  FAULTS are words separated by ","
("-": none), some with a value after "=":

	delay=MS	wait before each answer
	noranges	always send all of the file
	lies		say that the file is 1 MiB longer than it is
	cut=N		close the connection in the middle of the first N answers
	most=MIB	close the connection after MIB of an answer
	stall=N		stop sending in the middle of the first N answers
	change=N	after N answers the file has another ETag
	notag		no ETag and no Last-Modified
	shift		send the bytes after the requested range, with a matching header
	long		send more bytes than the range in the header
	gzip		say that the body is compressed
	away=N		answer with status 503 after N answers, while the file "back" is missing
	need=WORD	refuse requests without the header "X-Key: WORD"
	basic=USER:PW	refuse requests without that name and password
	to=ADDRESS	redirect to ADDRESS with "|" for "/"
	loop		redirect to this address

For each answer with data, a line is added to the file "requests": NAME, first byte, length, X-Key.
"""
import base64
import http.server
import os
import re
import socketserver
import ssl
import sys
import threading
import time

counts = {}
lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def number(self, word):
        return int(self.faults.get(word, 0))

    def refuse(self, status, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def is_refused(self):
        need, basic = self.faults.get("need"), self.faults.get("basic")
        wanted = "Basic " + base64.b64encode((basic or "").encode()).decode()
        if "to" in self.faults:
            self.refuse(302, ("Location", self.faults["to"].replace("|", "/")))
        elif "loop" in self.faults:
            self.refuse(302, ("Location", self.path))
        elif need and self.headers.get("X-Key") != need:
            self.refuse(403)
        elif basic and self.headers.get("Authorization") != wanted:
            self.refuse(401, ("WWW-Authenticate", 'Basic realm="test"'))
        elif "away" in self.faults and self.count > self.number("away") and not os.path.exists("back"):
            self.refuse(503)
        else:
            return False
        return True

    def head(self, first, last, size, is_part):
        self.send_response(206 if is_part else 200)
        if is_part:
            total = size + (1 << 20 if "lies" in self.faults else 0)
            self.send_header("Content-Range", f"bytes {first}-{last}/{total}")
        if "notag" not in self.faults:
            changed = "change" in self.faults and self.count > self.number("change")
            self.send_header("ETag", f'"{os.stat(self.file).st_mtime_ns}{"x" if changed else ""}"')
        if "gzip" in self.faults:
            self.send_header("Content-Encoding", "gzip")

    def send_part(self, f, first, length):
        if not isinstance(self.connection, ssl.SSLSocket):
            return os.sendfile(self.connection.fileno(), f.fileno(), first, length)
        f.seek(first)
        data = f.read(min(length, 1 << 20))
        self.connection.sendall(data)
        return len(data)

    def body(self, first, length):
        if self.count <= self.number("cut"):
            self.close_connection = True
            length //= 2
        if "most" in self.faults and length > self.number("most") << 20:
            self.close_connection = True
            length = self.number("most") << 20
        stall = self.count <= self.number("stall")
        with open(self.file, "rb") as f:
            end = first + (length // 2 if stall else length)
            while first < end:
                n = self.send_part(f, first, end - first)
                if not n:
                    break
                first += n
        if stall:
            self.connection.recv(1)      # until the client hangs up
            self.close_connection = True

    def do_GET(self):
        path = re.sub("^http://[^/]*", "", self.path)    # as a proxy receives it
        _, faults, name = path.split("/", 2)
        self.faults = dict((w + "=").split("=")[:2] for w in faults.split(","))
        self.file = os.path.join(directory, name)
        with lock:
            self.count = counts[path] = counts.get(path, 0) + 1
        time.sleep(self.number("delay") / 1000)
        if self.is_refused():
            return
        if not os.path.isfile(self.file):
            self.refuse(404)
            return
        size = os.path.getsize(self.file)
        asked = re.match(r"bytes=(\d+)-(\d+)$", self.headers.get("Range", ""))
        is_part = bool(asked) and "noranges" not in self.faults
        first, last = (int(asked[1]), min(int(asked[2]), size - 1)) if is_part else (0, size - 1)
        if first >= size:
            self.refuse(416)
            return
        if "shift" in self.faults and self.count > 1:
            first, last = first + 512, last + 512
        with lock, open("requests", "a") as f:
            f.write(f"{name} {first} {last - first + 1} {self.headers.get('X-Key')}\n")
        self.head(first, last, size, is_part)
        more = 512 if "long" in self.faults and self.count > 1 else 0
        self.send_header("Content-Length", str(last - first + 1 + more))
        self.end_headers()
        self.wfile.flush()
        self.body(first, last - first + 1 + more)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64
    allow_reuse_address = True


directory = sys.argv[1]
port = int(sys.argv[3]) if len(sys.argv) > 3 else 0
server = Server(("127.0.0.1", port), Handler)
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(sys.argv[2] + ".new", "w") as f:
    f.write(f"{server.server_address[1]}\n")
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
