"""Names and texts as MySQL and MariaDB write them.

Facts: the chapters "Schema Object Names", "String Literals" and "Keywords and Reserved Words" of the
MySQL manual (8.0 to 9.4); for MariaDB every keyword and function name of 10.11 was tried as the
name of a table, column, index, constraint and trigger.
"""

from __future__ import annotations

import re

from wizard.dialects.lexing import word_set
from wizard.model.errors import AnswerError
from wizard.model.names import TableName, fit_name

# One list for both engines and all versions, so that a file reads the same wherever it runs: what
# any of them reserves, the functions that IGNORE_SPACE reserves, and the words of sql_mode=ORACLE.
KEYWORDS = word_set(
    """
    accessible add adddate all alter analyze and array as asc asensitive before between bigint
    binary bit_and bit_or bit_xor blob body both by call cascade case cast change char character
    check collate column condition constraint continue convert count create cross cube cume_dist
    curdate current_date current_role current_time current_timestamp current_user cursor curtime
    database databases date_add date_sub day_hour day_microsecond day_minute day_second dec decimal
    declare default delayed delete delete_domain_id dense_rank desc describe deterministic distinct
    distinctrow div do_domain_ids double drop dual each else elseif elsif empty enclosed escaped
    except exists exit explain external extract false fetch first_value float float4 float8 for
    force foreign from fulltext function generated get goto grant group group_concat grouping groups
    having high_priority hour_microsecond hour_minute hour_second if ignore ignore_domain_ids in
    index infile inner inout insensitive insert int int1 int2 int3 int4 int8 integer intersect
    interval into io_after_gtids io_before_gtids is iterate join json_arrayagg json_objectagg
    json_table key keys kill lag last_value lateral lead leading leave left library like limit
    linear lines load localtime localtimestamp lock long longblob longtext loop low_priority manual
    master_bind master_demote_to_replica master_demote_to_slave master_ssl_verify_server_cert match
    max maxvalue median mediumblob mediumint mediumtext member mid middleint min minus
    minute_microsecond minute_second mod modifies natural nextval no_write_to_binlog not now
    nth_value ntile null numeric of offset on optimize optimizer_costs option optionally or order
    others out outer outfile over package page_checksum parallel parse_vcol_expr partition
    percent_rank percentile_cont percentile_disc persist persist_only portion position precision
    primary procedure purge qualify raise range rank read read_write reads real recursive
    ref_system_id references regexp release rename repeat replace require resignal restrict return
    returning revoke right rlike row row_number rownum rows rowtype schema schemas
    second_microsecond select sensitive separator session_user set show signal smallint spatial
    specific sql sql_after_gtids sql_before_gtids sql_big_result sql_buffer_result sql_cache
    sql_calc_found_rows sql_no_cache sql_small_result sqlexception sqlstate sqlwarning ssl starting
    stats_auto_recalc stats_persistent stats_sample_pages std stddev stddev_pop stddev_samp stored
    straight_join subdate substr substring sum sysdate system system_user table tablesample
    terminated then tinyblob tinyint tinytext to trailing trigger trim true undo union unique unlock
    unsigned update usage use using utc_date utc_time utc_timestamp value values var_pop var_samp
    varbinary varchar varcharacter variance varying virtual when where while window with write xor
    year_month zerofill
    """
)

# A leading underscore may be read as the character set of a literal, a leading digit as a number;
# a dollar sign in front is deprecated from MySQL 8.0.32.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def quote(identifier: str) -> str:
    """Return the identifier, bare when the server reads the same name from it.

    Backticks mean the same under every sql_mode, and the case of a bare name is kept.
    """
    if _PLAIN.fullmatch(identifier) and identifier.lower() not in KEYWORDS:
        return identifier
    if not identifier or "\0" in identifier:
        raise AnswerError("bad-name", f"{identifier!r} cannot be a name")
    return "`" + identifier.replace("`", "``") + "`"


def table(name: TableName) -> str:
    """Return the table's name, with its database when it names one."""
    return f"{quote(name.schema)}.{quote(name.name)}" if name.schema else quote(name.name)


def literal(text: str) -> str:
    """Return the text as a string literal; quotes and backslashes are doubled.

    No text can end the literal early, whatever sql_mode says: doubled quotes are read as one
    everywhere, and doubled backslashes leave none over that could escape a quote. The value is exact
    unless the session has NO_BACKSLASH_ESCAPES, which then keeps two backslashes for each one:
    sessions of migwiz itself turn that mode off. A hexadecimal literal would be exact in both modes,
    but MariaDB 10.11 spoils it where it stores an expression: a CHECK with ``_utf8mb4 x'433A5C74'``
    came back with a tab for the backslash and the t. COMMENT and ENUM take no such literal at all.
    """
    if "\0" in text:
        raise AnswerError("bad-text", "a text of MySQL and MariaDB cannot hold a NUL byte here")
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def names(columns: tuple[str, ...]) -> str:
    """Return column names, quoted and joined by commas."""
    return ", ".join(quote(one) for one in columns)


#: Longest name of an object, in characters.
NAME_LENGTH = 64


def check_name(name: str, *, flag: str) -> str:
    """Return the name; raises AnswerError (`bad-name`, `name-too-long`) when the server refuses it."""
    if not name or "\0" in name or name != name.rstrip() or any(one > "\uffff" for one in name):
        raise AnswerError(
            "bad-name",
            f"{name!r} cannot be a name",
            why="A name has at least one character, ends with no blank and holds no emoji.",
            next_actions=("choose another name",),
            flag=flag or None,
        )
    if len(name) > NAME_LENGTH:
        raise AnswerError(
            "name-too-long",
            f"{name[:40]!r}… has more than {NAME_LENGTH} characters",
            next_actions=(f"use {fit_name(name, limit=NAME_LENGTH)!r} or a shorter name",),
            flag=flag or None,
        )
    return name
