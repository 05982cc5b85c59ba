-- Everything that the reader of MySQL and MariaDB knows; loads on MariaDB from 10.6 on.
/*!40101 SET @old_sql_mode = @@sql_mode */;
ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_swedish_ci;
DROP TABLE IF EXISTS customers;
CREATE TABLE `customers` (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  email varchar(190) NOT NULL UNIQUE COMMENT 'lower case; it''s "mail"\n',
  name varchar(40) NOT NULL DEFAULT 'n/a',
  code char(4) CHARACTER SET ascii,
  label varchar(60) COLLATE latin1_bin,
  state enum('new' , "it's paid", 'back\\slash') DEFAULT "new",
  score decimal(10,2) DEFAULT 0,
  tags json,
  born date CHECK (born > '1900-01-01'),
  twice int GENERATED ALWAYS AS (id_copy * 2) STORED,
  thrice int AS (id_copy * 3) VIRTUAL INVISIBLE COMMENT 'hidden',
  id_copy int,
  changed timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE now(3),
  CONSTRAINT sane CHECK (score >= 0 AND name <> 'x)'),
  CHECK (length(name) > 0),
  UNIQUE KEY (name(10), code DESC),
  FULLTEXT KEY words (name),
  KEY kept_back (label) IGNORED
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC COMMENT = 'Who buys; it''s them';
CREATE TABLE refs (id int PRIMARY KEY);
CREATE TABLE orders (
  id bigint NOT NULL AUTO_INCREMENT,
  customer_id int unsigned NOT NULL,
  parent_id bigint,
  ref integer REFERENCES refs (id),
  place point NOT NULL,
  note text DEFAULT (concat('a', "b")),
  at datetime DEFAULT now(),
  PRIMARY KEY (id) USING BTREE,
  SPATIAL INDEX (place),
  INDEX by_parent (parent_id, at),
  CONSTRAINT buyer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  FOREIGN KEY (parent_id) REFERENCES orders (ID) ON DELETE NO ACTION
);
CREATE TABLE `Odd ``name. x` (
  `select` int,
  `a%b:c` varchar(10) DEFAULT '100%',
  PRIMARY KEY (`a%b:c`, `select`)
) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE events (id bigint, at date, kind text, KEY (at))
  PARTITION BY RANGE (year(at)) (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);
CREATE TABLE copied LIKE orders;
CREATE INDEX late ON orders (note(20));
CREATE UNIQUE INDEX once ON orders (ref, at DESC);
ALTER TABLE orders
  ADD COLUMN qty smallint NOT NULL DEFAULT '3' AFTER ref,
  ADD COLUMN first_one tinyint(1) FIRST,
  ADD CONSTRAINT few CHECK (qty < 100),
  DROP INDEX late,
  MODIFY note mediumtext CHARACTER SET utf8mb4,
  ALTER COLUMN parent_id SET DEFAULT '7',
  COMMENT = 'What they buy';
ALTER TABLE orders CHANGE first_one urgent bool NULL DEFAULT FALSE, RENAME INDEX by_parent TO by_parents;
ALTER TABLE orders ADD INDEX buyer_at (customer_id, at);
CREATE TABLE gone (a int);
RENAME TABLE gone TO renamed;
ALTER TABLE renamed ADD (b int, c int, KEY (b)), RENAME COLUMN a TO z;
CREATE OR REPLACE VIEW active AS SELECT id, email FROM customers WHERE born IS NOT NULL WITH CHECK OPTION;
CREATE ALGORITHM=MERGE VIEW active_mail (mail) AS SELECT email FROM active;
CREATE VIEW totals AS SELECT c.name, count(*) AS n FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name;
DELIMITER ;;
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW
BEGIN
  IF NEW.qty <> OLD.qty THEN SET NEW.note = 'x; y'; END IF;
END;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER renamed_log AFTER INSERT ON renamed FOR EACH ROW INSERT INTO refs (id) VALUES (NEW.z) */;;
CREATE PROCEDURE tidy() BEGIN DELETE FROM refs WHERE id < 0; END;;
CREATE FUNCTION one() RETURNS int DETERMINISTIC RETURN 1;;
DELIMITER ;
INSERT INTO refs VALUES (1), (2), (3);
