#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The application shows the tables and views of SQLite databases and pages through their rows,
# without a server too; it reports damage, and rows that may be missing.
. "${BASH_SOURCE[0]%/*}/lib-web.sh"

mkdir tree
python3 - <<'END'
import os, shutil, sqlite3

db = sqlite3.connect("tree/shop.db")
db.executescript('''
CREATE TABLE parts (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE "odd ""name""" (a, "<b>bold</b>", big INTEGER, data BLOB, unset);
CREATE TABLE empty (x);
CREATE VIEW last_parts AS SELECT name FROM parts WHERE id > 990;
CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
CREATE VIEW no_table AS SELECT * FROM missing;
''')
db.executemany("INSERT INTO parts VALUES (?, ?)", ((i, f"part {i}") for i in range(1, 1001)))
db.execute('INSERT INTO "odd ""name""" VALUES (?, ?, ?, ?, NULL)',
           ("<img src=x onerror=alert(1)>", "x" * 5000, 2**63 - 1, b"\xde\xad\xbe\xef" + bytes(2996)))
db.execute("CREATE TABLE wide (%s)" % ", ".join(f"column{i}" for i in range(150)))
db.commit()
db.close()

# The directory of the file is whole, the tables are not.
data = bytearray(open("tree/shop.db", "rb").read())
data[4096:] = b"\xff" * (len(data) - 4096)
open("tree/bad-tables.db", "wb").write(data)
data[100:4096] = b"\xff" * 3996
open("tree/bad.db", "wb").write(data)

# A log is left behind: "late" is in no other file.
db = sqlite3.connect("wal.db")
db.execute("PRAGMA journal_mode = WAL")
db.execute("CREATE TABLE notes (text)")
db.execute("INSERT INTO notes VALUES ('early')")
db.commit()
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
db.execute("INSERT INTO notes VALUES ('late')")
db.commit()
for name in "wal.db", "wal.db-wal":
    shutil.copy(name, "tree/" + name)
db.close()

with open("tree/large.db", "wb") as file:
    file.write(b"SQLite format 3\0")
    file.truncate((256 << 20) + 1)
END
image_ext4 tree ext4.img

web app-sqlite.mjs "$img"
