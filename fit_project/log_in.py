"""The settings of logging in: accounts, second factor, how long a session lasts, how often somebody may try."""

from django.urls import reverse_lazy

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 30 * 60
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")  # where each role starts
UNLOCK_URL = reverse_lazy("unlock")  # where a handed-over device is taken back
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "reset_password": "organisations.forms.account.ResetForm",
    "change_password": "organisations.forms.account.NewPasswordForm",
}
ACCOUNT_ADAPTER = "organisations.login.adapter.ClosedAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation by mail is the verification
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password, of a factor added or removed
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60

# By account first: a whole municipality may come from one address, so an address may do much more than a person.
# Of failed log-ins (and wrong codes) only the failures count.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/15m/key,100/15m/ip",
    "login": "300/m/ip",
    "reset_password": "5/h/key,100/h/ip",
    "reset_password_from_key": "100/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
    "signup": "20/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}

MFA_ADAPTER = "organisations.login.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True  # such a key asks for a finger, a face or its own PIN: two factors in one
MFA_TOTP_ISSUER = "Medspil"
MFA_TOTP_TOLERANCE = 1  # a code of the half minute before still counts; each counts once (organisations.login.totp)
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves
MFA_FORMS = {
    "authenticate": "organisations.login.totp.AuthenticateForm",
    "reauthenticate": "organisations.login.totp.ReauthenticateForm",
    "authenticate_webauthn": "organisations.login.passkeys.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "organisations.login.passkeys.ReauthenticatePasskeyForm",
    "login_webauthn": "organisations.login.passkeys.LogInPasskeyForm",
    "add_webauthn": "organisations.login.passkeys.AddPasskeyForm",
}

SESSION_ENGINE = "organisations.models.device_session"  # and whose they are
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
