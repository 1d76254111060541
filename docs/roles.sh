#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the two roles and the database of docs/operations.md.
# Passwords come from OWNER_PASSWORD and APP_PASSWORD, or from the files that OWNER_PASSWORD_FILE and APP_PASSWORD_FILE name.
set -eu
mkdir -p /var/lib/postgresql/archive
owner=${OWNER_PASSWORD:-$(cat "${OWNER_PASSWORD_FILE:?}")}
app=${APP_PASSWORD:-$(cat "${APP_PASSWORD_FILE:?}")}
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres -v owner="$owner" -v app="$app" <<'SQL'
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
