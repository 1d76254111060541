"""All settings, from the environment. Names of variables are explained in README.md."""

import os
import sys
from pathlib import Path

import dj_database_url
import pghistory

from fit_project import environment, log_lines
from fit_project.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from fit_project.languages import ENGLISH
from fit_project.languages import LANGUAGES as MEDSPIL_LANGUAGES
from fit_project.log_in import *  # noqa: F403  accounts, second factor, sessions, rate limits
from fit_project.queues import QUEUES, ROUTES
from fit_project.run_env import read_run_env
from organisations.database.role import faults_at

# Where lxml is installed openpyxl reads with it, past our guard against entities (defusedxml).
os.environ["OPENPYXL_LXML"] = "False"

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Surroundings()  # NAME, or the file that NAME_FILE names

DATA_FOLDER = env.str("MEDSPIL_DATA", "")
DATA_DIR = Path(DATA_FOLDER or BASE_DIR / "var").resolve()
if env.str("MEDSPIL_ENV", "") != "production" and "DATABASE_URL" not in os.environ:
    # While the demo runs, `manage.py` in the same folder learns from this file that it is meant, and where it is.
    os.environ.update(read_run_env(DATA_DIR, said=os.environ.get("MEDSPIL_ENV", "")))
ENVIRONMENT = env.str("MEDSPIL_ENV", "")  # demo, test or production; without it nothing starts
PRODUCTION = ENVIRONMENT == "production"

DEBUG = env.bool("DEBUG", False)
# What production cannot do without has no default there: environment.faults says everything that is missing at once.
SECRET_KEY = env.str("SECRET_KEY", "" if PRODUCTION else environment.DEMO_KEY)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [] if PRODUCTION else LOCAL_HOSTS)
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", "" if PRODUCTION else f"http://localhost:{PORT}").rstrip("/")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # without one there is no /metrics
SENTRY_DSN = env.str("SENTRY_DSN", "")

OWN_APPS = ["organisations", "clients", "sessions_app", "reports"]  # each imports of those before it only
INSTALLED_APPS = [
    *OWN_APPS,  # before Django's: of two commands of one name the first app's is meant
    "fit_project",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "pgtrigger",
    "pghistory",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
]

MIDDLEWARE = [
    *(["django_prometheus.middleware.PrometheusBeforeMiddleware"] if METRICS_TOKEN else []),
    "organisations.web.middleware.RequestIdMiddleware",
    "organisations.monitoring.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "organisations.web.headers.HeadersMiddleware",
    "organisations.web.input_guard.InputMiddleware",
    "organisations.web.heartbeat.ProbeMiddleware",
    "organisations.web.news.NewsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "organisations.login.middleware.SessionCookieMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "organisations.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "organisations.web.middleware.KioskMiddleware",
    "organisations.login.middleware.SessionLimitsMiddleware",
    "organisations.web.middleware.LoginMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organisations.web.middleware.TenantMiddleware",
    "organisations.login.middleware.NoPasswordMiddleware",
    "organisations.login.middleware.SecondFactorMiddleware",
    "organisations.web.cover.CoverMiddleware",
    "clients.views.restricted_routes.RestrictedClientMiddleware",
    "clients.views.merged_records.MergedRecordMiddleware",
    *(["django_prometheus.middleware.PrometheusAfterMiddleware"] if METRICS_TOKEN else []),
]

ROOT_URLCONF = "fit_project.urls"
WSGI_APPLICATION = "fit_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["organisations.templatetags.prepared"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organisations.web.context_processors.surroundings",
            ],
        },
    },
]

# Two roles: fit_app runs web, worker and relay and can never see another organisation's rows; fit_owner migrates.
NO_DATABASE = "postgresql://fit_app@127.0.0.1:1/database-url-is-not-set"
DATABASE_URL = environment.with_password(env.str("DATABASE_URL", ""), env.str("DATABASE_PASSWORD", ""))
OWNER_DATABASE_URL = environment.with_password(
    env.str("OWNER_DATABASE_URL", ""), env.str("OWNER_DATABASE_PASSWORD", "")
)
DATABASE_REPLICA_URL = environment.with_password(env.str("DATABASE_REPLICA_URL", ""), env.str("DATABASE_PASSWORD", ""))
# By this the database tells sessions of this version from those of one that did not seal words (seal_words).
APPLICATION_NAME = "medspil-sealing"
DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL or NO_DATABASE),
    "owner": dj_database_url.parse(OWNER_DATABASE_URL or NO_DATABASE.replace("fit_app", "fit_owner")),
}
PREPARE_THRESHOLD = 3 if env.bool("PREPARED_STATEMENTS", True) else None
if DATABASE_REPLICA_URL:  # read from by organisations.database.replica alone
    DATABASES["replica"] = dj_database_url.parse(DATABASE_REPLICA_URL)
    # A page does not wait long for it: the primary is there.
    DATABASES["replica"]["OPTIONS"] = {"connect_timeout": 3} | DATABASES["replica"].get("OPTIONS", {})
for database in (one for alias, one in DATABASES.items() if alias != "owner"):
    database["ENGINE"] = "organisations.database.postgresql"
    database["CONN_MAX_AGE"] = 600  # planning what pages ask is worth more than a connection: decision 92
    database["CONN_HEALTH_CHECKS"] = True
    # The server plans a statement once a connection, not each time it is asked.
    database["OPTIONS"] = database.get("OPTIONS", {}) | {
        "server_side_binding": True,
        "application_name": APPLICATION_NAME,
        "prepare_threshold": PREPARE_THRESHOLD,
    }
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
# A migration that waits for a lock lets nobody else in: it gives up, and `migrate` tries again a moment later.
DATABASES["owner"]["OPTIONS"] = DATABASES["owner"].get("OPTIONS", {}) | {"options": "-c lock_timeout=1s"}
DATABASE_ROUTERS = ["fit_project.routers.OwnerMigrates"]
PGHISTORY_APPEND_ONLY = True
# Who changed it stands in the history's row itself: a table of its own would need the right to update.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", db_index=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

HANDOVER_COOKIE_NAME = "handover"  # in a client's hands: pages of the staff look whether it is there
TYPIST_COOKIE_NAME = "typist"  # who worked in this browser last, signed: for the text of a log-in that ended
CHART_COOKIE_NAME = "chart-axis"  # whether this browser's charts are by date; nothing about anybody
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 30) or 30  # without a sign of life
SESSION_HOURS = env.int("SESSION_HOURS", 8) or 8  # from the log-in: a working day
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
# How many proxies in front write X-Forwarded-For; what else stands in that header anybody may have invented.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", None if PRODUCTION else 0)
CSRF_FAILURE_VIEW = "organisations.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    HANDOVER_COOKIE_NAME, TYPIST_COOKIE_NAME = "__Host-handover", "__Host-typist"
    CHART_COOKIE_NAME = "__Host-chart-axis"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz|metrics)$"]  # asked from inside, past the proxy
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGES = [(language.code, language.name) for language in MEDSPIL_LANGUAGES]
LANGUAGE_CODE = ENGLISH.code
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "fit_project.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Copenhagen"

STATIC_URL = "/static/"
# What devices seal answers to: outside the database, so that a copy of it opens none of them.
SEALING_KEYS_FILE = env.path("SEALING_KEYS_FILE", DATA_DIR / "sealing-keys.json")
# What clients' data keys are wrapped with: a file, or a service that keeps the keys (an address of Vault's transit).
WORD_KEYS_FILE = env.str("WORD_KEYS_FILE", "" if PRODUCTION else str(DATA_DIR / "word-keys"))
WORD_KEYS_ADDRESS = env.str("WORD_KEYS_ADDRESS", "")
WORD_KEYS_TOKEN = env.str("WORD_KEYS_TOKEN", "")
WORD_KEYS_CA_FILE = env.str("WORD_KEYS_CA_FILE", "")
STATIC_ROOT = env.path("STATIC_ROOT", DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENVIRONMENT == "test"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

BROKER_URL = environment.with_password(
    env.str("BROKER_URL", "" if PRODUCTION else "redis://127.0.0.1:1/0"), env.str("BROKER_PASSWORD", "")
)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if ENVIRONMENT == "test"
    else {
        "BACKEND": "organisations.web.cache.FallbackRedisCache",
        "LOCATION": BROKER_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "queue_order_strategy": "priority",
}
CELERY_TASK_QUEUES = QUEUES
CELERY_TASK_ROUTES = ROUTES
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # nothing that takes long is taken ahead of what comes meanwhile
CELERY_DB_REUSE_MAX = sys.maxsize  # tasks: fit_project/celery.py closes what is broken or old
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
# An alert comes within 30 s of a lost broker's return, however long it was away.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# How often each job runs stands beside it (periodic.py of each app).
CELERY_BEAT_SCHEDULER = "fit_project.scheduler:WatchedScheduler"

# Identity providers inside the operator's own network (host, or host:port), and who vouches for their certificates;
# all others are asked by https and in the open internet only.
SIGN_ON_INSIDE_HOSTS: list[str] = env.list("SIGN_ON_INSIDE_HOSTS", [])
SIGN_ON_CA_FILE = env.str("SIGN_ON_CA_FILE", "")

# Where links to films in the handbook may lead: nothing of them is loaded by a page, they open by themselves.
HANDBOOK_FILM_HOSTS: list[str] = env.list("HANDBOOK_FILM_HOSTS", [])

EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", str(DATA_DIR / "mail"))
if ENVIRONMENT != "test":
    EMAIL_BACKEND = (
        "organisations.monitoring.outgoing_mails.NotedSmtp"
        if PRODUCTION
        else "django.core.mail.backends.filebased.EmailBackend"
    )
EMAIL_HOST = env.str("EMAIL_HOST", "" if PRODUCTION else "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 5  # seconds: a link is mailed while the practitioner waits
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "" if PRODUCTION else "medspil@localhost")

# What follows these in an address opens something: it is struck out of log lines.
TOKEN_PATHS = ["f", "invitation", "password/reset/key"]
UNTOLD_ADDRESSES = ("/f/",)  # of the clients' forms: such an address is told to nobody as Referer, ourselves included
LOGGING = log_lines.configuration(machine=PRODUCTION)

if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
env.refuse_unless_whole(environment.faults(ENVIRONMENT, globals()), look_further=lambda: faults_at(DATABASE_URL))
if SENTRY_DSN:
    from fit_project import sentry

    sentry.start(SENTRY_DSN, environment=ENVIRONMENT)
