# One image for web, relay, worker, beat and the migration; the command chooses.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDSPIL_DATA=/data STATIC_ROOT=/srv/static BIND=0.0.0.0 PORT=8000
WORKDIR /srv/medspil
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.txt
COPY . .
# Gathered as the demo: production would refuse to start without its secrets, and static files hold none.
# Compiled here: at run time the root is read-only, and each health check would compile everything again.
RUN MEDSPIL_ENV=demo python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q . \
    && useradd --system --uid 10001 --home-dir /nonexistent medspil \
    && mkdir -p -m 700 /data && chown medspil /data
ENV MEDSPIL_ENV=production
USER 10001
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi"]
