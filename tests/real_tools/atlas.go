// Applies what is pending in a folder, by Atlas' own library: its sum, order, reading of statements
// and executor; or only compares the sum of a folder with its files, or
// writes it. Atlas' command line is no Go module; what it adds for a file, its transaction, is
// done here in the same way.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/mysql"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"ariga.io/atlas/sql/sqltool"
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/lib/pq"
	_ "github.com/mattn/go-sqlite3"
)

var open = map[string]func(schema.ExecQuerier) (migrate.Driver, error){
	"mysql": mysql.Open, "postgres": postgres.Open, "sqlite3": sqlite.Open,
}

// revisions keeps what was applied in a table of the database, with the columns of the command
// line's own table that tell how far a file has come.
type revisions struct{ on schema.ExecQuerier }

func (r revisions) Ident() *migrate.TableIdent {
	return &migrate.TableIdent{Name: "atlas_schema_revisions"}
}

func (r revisions) ReadRevisions(ctx context.Context) (found []*migrate.Revision, err error) {
	rows, err := r.on.QueryContext(ctx, "SELECT told FROM atlas_schema_revisions ORDER BY version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var told string
		if err := rows.Scan(&told); err != nil {
			return nil, err
		}
		data, err := hex.DecodeString(told)
		if err != nil {
			return nil, err
		}
		one := &migrate.Revision{}
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(one); err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

func (r revisions) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	all, err := r.ReadRevisions(ctx)
	for _, one := range all {
		if one.Version == version {
			return one, nil
		}
	}
	return nil, errors.Join(err, migrate.ErrRevisionNotExist)
}

func (r revisions) WriteRevision(ctx context.Context, one *migrate.Revision) error {
	if err := r.DeleteRevision(ctx, one.Version); err != nil {
		return err
	}
	var told bytes.Buffer
	if err := gob.NewEncoder(&told).Encode(one); err != nil {
		return err
	}
	_, err := r.on.ExecContext(ctx, fmt.Sprintf(
		"INSERT INTO atlas_schema_revisions (version, applied, total, told) "+
			"VALUES ('%s', %d, %d, '%x')",
		one.Version, one.Applied, one.Total, told.Bytes()))
	return err
}

func (r revisions) DeleteRevision(ctx context.Context, version string) error {
	_, err := r.on.ExecContext(ctx, fmt.Sprintf(
		"DELETE FROM atlas_schema_revisions WHERE version = '%s'", version))
	return err
}

func executor(name string, on schema.ExecQuerier, dir migrate.Dir) (*migrate.Executor, error) {
	driver, err := open[name](on)
	if err != nil {
		return nil, err
	}
	return migrate.NewExecutor(driver, dir, revisions{on}, migrate.WithAllowDirty(true))
}

func apply(ctx context.Context, name string, db *sql.DB, dir migrate.Dir, file migrate.File) error {
	var on schema.ExecQuerier = db
	modes := file.(*migrate.LocalFile).Directive("txmode")
	alone := len(modes) == 1 && modes[0] == "none"
	if !alone {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		on = tx
	}
	run, err := executor(name, on, dir)
	if err != nil {
		return err
	}
	if err := run.Execute(ctx, file); err != nil {
		return err
	}
	if tx, ok := on.(*sql.Tx); ok {
		return tx.Commit()
	}
	return nil
}

func all(ctx context.Context, name, source, folder string) error {
	db, err := sql.Open(name, source)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS atlas_schema_revisions "+
		"(version varchar(255) PRIMARY KEY, applied bigint, total bigint, told text NOT NULL)"); err != nil {
		return err
	}
	dir, err := migrate.NewLocalDir(folder)
	if err != nil {
		return err
	}
	if err := migrate.Validate(dir); err != nil {
		return err
	}
	run, err := executor(name, db, dir)
	if err != nil {
		return err
	}
	pending, err := run.Pending(ctx)
	if errors.Is(err, migrate.ErrNoPendingFiles) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, file := range pending {
		if err := apply(ctx, name, db, dir, file); err != nil {
			return fmt.Errorf("%s: %w", file.Name(), err)
		}
	}
	return nil
}

// sum compares the sum of a folder, in the shape of some tool, with its files, or writes it.
func sum(word, format, folder string) (err error) {
	var dir migrate.Dir
	switch format {
	case "golang-migrate":
		dir, err = sqltool.NewGolangMigrateDir(folder)
	case "flyway":
		dir, err = sqltool.NewFlywayDir(folder)
	case "goose":
		dir, err = sqltool.NewGooseDir(folder)
	case "dbmate":
		dir, err = sqltool.NewDBMateDir(folder)
	default:
		dir, err = migrate.NewLocalDir(folder)
	}
	if err != nil {
		return err
	}
	if word == "validate" {
		return migrate.Validate(dir)
	}
	made, err := dir.Checksum()
	if err != nil {
		return err
	}
	return migrate.WriteSumFile(dir, made)
}

func main() {
	if os.Args[1] == "validate" || os.Args[1] == "hash" {
		if err := sum(os.Args[1], os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if err := all(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
