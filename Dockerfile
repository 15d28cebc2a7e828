# One image for web, worker, beat and migrate, and a second one, for backups. Versions are repeated in
# docs/production.md, and a test compares them.
FROM python:3.11.15-slim-bookworm AS packages
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/base.txt

FROM python:3.11.15-slim-bookworm AS portal
# Pango lays out the PDF; the fonts are those of the repository.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal /srv/media
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=clauses_portal.settings.prod \
    MEDIA_ROOT=/srv/media \
    FONTCONFIG_FILE=/app/.ci/fonts.conf \
    XDG_CACHE_HOME=/tmp/cache
# The production settings demand every value; these serve this one command and stay nowhere.
RUN SECRET_KEY=collectstatic ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://nobody@localhost/none \
    REDIS_URL=redis://localhost DEFAULT_FROM_EMAIL=nobody@localhost EMAIL_URL=consolemail:// \
    python manage.py collectstatic --noinput -v0 \
 && python -m compileall -q /app
USER portal
EXPOSE 8000
# No access log of its own: it would keep addresses and what was looked for; the portal writes a line a request.
CMD ["gunicorn", "clauses_portal.wsgi", "--bind", "0.0.0.0:8000", "--threads", "4", "--timeout", "60", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]

# PostgreSQL's own programs, from the package that the tests use, and age, which encrypts.
FROM portal AS backup
USER root
COPY requirements/backup.txt /tmp/backup.txt
RUN apt-get update \
 && apt-get install -y --no-install-recommends age \
 && rm -rf /var/lib/apt/lists/* \
 && python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/backup.txt \
 && install -d -o portal -g portal -m 0700 /srv/backups
USER portal
CMD ["python", "manage.py", "help", "backup"]
