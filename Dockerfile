# One image for web, relay, worker and beat; the command chooses.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDSPIL_ENV=production MEDSPIL_DATA=/data STATIC_ROOT=/srv/static BIND=0.0.0.0
WORKDIR /srv/medspil
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
# The static files carry no secret; the key is only there because settings ask for one.
RUN SECRET_KEY=none ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://fit_app@127.0.0.1:1/none \
    python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system medspil && mkdir -p /data && chown medspil /data
USER medspil
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi"]
