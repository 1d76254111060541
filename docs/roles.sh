#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the two roles and the database of docs/operations.md.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE fit_owner LOGIN NOSUPERUSER BYPASSRLS PASSWORD :'owner';
CREATE ROLE fit_app LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app';
CREATE DATABASE medspil OWNER fit_owner;
REVOKE ALL ON DATABASE medspil FROM PUBLIC;
GRANT CONNECT ON DATABASE medspil TO fit_app;
\c medspil
ALTER SCHEMA public OWNER TO fit_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO fit_app;
SQL
