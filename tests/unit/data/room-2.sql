-- SPDX-License-Identifier: GPL-3.0-or-later
-- A room as version 2 of the schema keeps it: the second of its three messages is erased,
-- and the first author's first is not kept any more.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
PRAGMA application_id = 1415930216;
PRAGMA user_version = 2;
CREATE TABLE room (  id INTEGER PRIMARY KEY CHECK (id = 1),  epoch INTEGER NOT NULL CHECK (epoch > 0),  roll_as_of INTEGER NOT NULL DEFAULT 0,  probed INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO room VALUES(1,4611686018427387904,4,0);
CREATE TABLE author (  id INTEGER PRIMARY KEY,  name BLOB NOT NULL UNIQUE,  number INTEGER NOT NULL CHECK (number > 0),  seq INTEGER NOT NULL CHECK (seq > 0), time INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO author VALUES(1,CAST('author 1' AS BLOB),3,4,86400000000);
INSERT INTO author VALUES(2,CAST('author 2' AS BLOB),9,3,86400000000);
CREATE TABLE record (  seq INTEGER PRIMARY KEY CHECK (seq > 0),  author INTEGER NOT NULL REFERENCES author (id),  number INTEGER NOT NULL,  time INTEGER NOT NULL,  record BLOB,  UNIQUE (author, number)) STRICT;
INSERT INTO record VALUES(2,1,2,86400000000000,CAST('1:2' AS BLOB));
INSERT INTO record VALUES(3,2,9,86400000000000,NULL);
INSERT INTO record VALUES(4,1,3,86400000000000,CAST('1:3' AS BLOB));
CREATE TABLE roll (  folded TEXT PRIMARY KEY,  name TEXT NOT NULL,  key TEXT,  joined INTEGER NOT NULL,  last_used INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO roll VALUES('mei','Mei','SHA256:a',2,55);
INSERT INTO roll VALUES('noor','Noor',NULL,0,66);
COMMIT;
