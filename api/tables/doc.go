// Package tables writes rows as CSV, NDJSON, Arrow and Parquet, and keeps documents
// whose tables have addresses of their own.
//
// Rows come as the JSON that the engine writes, with their shape by the schema; a
// column is a leaf or a list of it. What asks for a table over HTTP, and what becomes of its errors, is
// package api's.
package tables
