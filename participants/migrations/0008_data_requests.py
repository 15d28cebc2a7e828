"""What persons ask about their data, and how a person is forgotten (RGPD; domain.md §8; security.md A15).

History and certificates never change, but for one act: forgetting a person. `participants_forget_history` alone may do
it, with the rights of the owner of the tables; `participants_marks` says what would name her in a free text.
"""

import clauses_portal.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

# How a text is looked for: accents and case set aside, blanks, hyphens and apostrophes alike. For Python too.
PATTERN = r"""
CREATE FUNCTION participants_loose_pattern(source text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    pattern text := translate(
        lower(source), 'ÀÂÄÉÈÊËÎÏÔÖÙÛÜÇàâäéèêëîïôöùûüç', 'aaaeeeeiioouuucaaaeeeeiioouuuc'
    );
    letters text[] := ARRAY['aàâäÀÂÄ', 'eéèêëÉÈÊË', 'iîïÎÏ', 'oôöÔÖ', 'uùûüÙÛÜ', 'cçÇ'];
    letter text;
BEGIN
    pattern := regexp_replace(pattern, '([].\\+*?(){}|^$[])', '\\\1', 'g');
    FOREACH letter IN ARRAY letters LOOP
        pattern := replace(pattern, left(letter, 1), '[' || letter || ']');
    END LOOP;
    RETURN '(?<!\w)' || regexp_replace(pattern, '[''’[:space:]-]+', '[''’\\s-]+', 'g') || '(?!\w)';
END $$;
"""
# Her whole name both ways, her telephone, address and identifiers, all she ever had; her family name alone when nobody
# else bears it.
MARKS = r"""
CREATE FUNCTION participants_marks(person bigint) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH known AS (
        SELECT first_name, last_name, birth_name, phone, email, address, france_travail_id
        FROM participants_participant WHERE id = person AND anonymised_on IS NULL
        UNION
        SELECT first_name, last_name, birth_name, phone, email, address, france_travail_id
        FROM participants_historicalparticipant WHERE id = person
    ), families AS (
        SELECT first_name, last_name AS family FROM known WHERE first_name <> '' AND last_name <> ''
        UNION SELECT first_name, birth_name FROM known WHERE first_name <> '' AND birth_name <> ''
    ), texts AS (
        SELECT first_name || ' ' || family AS found FROM families
        UNION SELECT family || ' ' || first_name FROM families
        UNION SELECT family FROM families
        WHERE length(family) >= 4
          AND NOT EXISTS (
              SELECT 1 FROM participants_participant other
              WHERE other.id <> person AND other.merged_into_id IS DISTINCT FROM person
                AND lower(family) IN (lower(other.last_name), lower(other.birth_name))
          )
          AND NOT EXISTS (SELECT 1 FROM accounts_user u WHERE lower(u.last_name) = lower(family))
          AND NOT EXISTS (SELECT 1 FROM markets_company c WHERE c.name ~* participants_loose_pattern(family))
          AND NOT EXISTS (SELECT 1 FROM facilitators_commune t WHERE t.name ~* participants_loose_pattern(family))
        UNION SELECT phone FROM known
        UNION SELECT email FROM known
        UNION SELECT address FROM known
        UNION SELECT france_travail_id FROM known
        UNION SELECT iae_number FROM participants_historicaleligibilityvalidation WHERE participant_id = person
    )
    SELECT DISTINCT participants_loose_pattern(found) FROM texts WHERE length(found) >= 4;
$$;
"""
# Her dates of birth as people write them: they name her beside her name only, many persons share one.
BIRTHS = r"""
CREATE FUNCTION participants_births(person bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(DISTINCT to_char(birth, 'DD[/. -]MM[/. -]YYYY|YYYY-MM-DD'), '|') FROM (
        SELECT birth_date FROM participants_participant WHERE id = person
        UNION SELECT birth_date FROM participants_historicalparticipant WHERE id = person
    ) births (birth)
$$;
"""
# The free texts of the histories of the other tables, where somebody may have been named.
FREE_HISTORY = """
CREATE FUNCTION participants_free_history() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[
        'markets_historicalalert.description', 'markets_historicalalert.answer',
        'markets_historicalbidderquestion.question', 'markets_historicalbidderquestion.answer',
        'markets_historicalmeeting.title', 'markets_historicalmeeting.discussion',
        'markets_historicalmeeting.decisions',
        'markets_historicalpenaltycase.facts', 'markets_historicalpenaltycase.observations',
        'markets_historicalpenaltycase.reason',
        'participants_historicaljobposting.tasks', 'participants_historicaljobposting.profile',
        'participants_historicaljobposting.tutor',
        'reporting_historicalstatement.version_reason', 'reporting_historicalstatement.comments',
        'reporting_historicalstatement.outlook', 'reporting_historicalstatement.difficulties',
        'reporting_historicalstatement.satisfaction', 'reporting_historicalstatement.good_practice',
        'reporting_historicalstatement.opinion'
    ];
$$;
"""
FORGET_HISTORY = r"""
CREATE FUNCTION participants_forget_history(person bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept participants_participant;
    marks text := (SELECT string_agg(mark, '|') FROM participants_marks(person) mark);
    births text := coalesce(participants_births(person), '');
    place text[];
BEGIN
    SELECT * INTO kept FROM participants_participant WHERE id = person;
    IF kept.anonymised_on IS NULL THEN
        RAISE EXCEPTION 'only an anonymised person is forgotten' USING ERRCODE = '23R01';
    END IF;
    PERFORM set_config('portal.forgetting', 'on', true);
    -- what the free texts of other tables said of her, before her names are gone from here
    IF marks IS NOT NULL THEN
        FOR place IN
            SELECT string_to_array(free_text, '.') FROM unnest(participants_free_history()) free_text
        LOOP
            CONTINUE WHEN to_regclass(place[1]) IS NULL;
            EXECUTE format(
                'UPDATE %I SET %I = regexp_replace(%I, $2, ''[effacé]'', ''gi'') WHERE %I ~* $1',
                place[1], place[2], place[2], place[2]
            ) USING marks, marks || '|' || births;
        END LOOP;
    END IF;
    UPDATE participants_historicalparticipant
    SET first_name = '', last_name = kept.last_name, birth_name = '', birth_date = date_trunc('year', birth_date),
        commune_id = kept.commune_id, address = '', phone = '', email = '', prescriber_name = '', skills = '',
        france_travail_id = '', qpv_code = '', history_change_reason = NULL
    WHERE id = person;
    UPDATE participants_historicaleligibilityvalidation
    SET evidence_kind = '', opinion_from = '', opinion = '', iae_number = '', iae_ends_on = NULL,
        missing = CASE missing WHEN '' THEN '' ELSE 'Texte effacé.' END,
        reason = CASE reason WHEN '' THEN '' ELSE 'Texte effacé.' END, history_change_reason = NULL
    WHERE participant_id = person;
    UPDATE participants_historicalemploymentcontract past
    SET job_title = contract.job_title, history_change_reason = NULL
    FROM participants_employmentcontract contract WHERE contract.id = past.id AND past.participant_id = person;
    UPDATE participants_historicalhoursentry
    SET correction_reason = CASE correction_reason WHEN '' THEN '' ELSE 'Texte effacé.' END,
        history_change_reason = NULL
    WHERE participant_id = person;
    UPDATE participants_historicalexitsituation SET job_title = '', history_change_reason = NULL
    WHERE participant_id = person;
    UPDATE participants_historicalreferral SET comment = '', history_change_reason = NULL
    WHERE participant_id = person;
    UPDATE participants_historicaleuropeananswers SET history_change_reason = NULL WHERE participant_id = person;
    UPDATE participants_historicaldatarequest
    SET extension_reason = CASE extension_reason WHEN '' THEN '' ELSE 'Texte effacé.' END,
        history_change_reason = NULL
    WHERE participant_id = person;
    UPDATE participants_historicalparticipanthold SET reason = 'Texte effacé.', history_change_reason = NULL
    WHERE participant_id = person;
    -- what was given on paper
    UPDATE participants_eligibilitycertificate SET content = '', sha256 = '' WHERE participant_id = person;
    UPDATE participants_workcertificate SET content = '', sha256 = '' WHERE participant_id = person;
    -- what the database wrote down by itself of her validations
    IF to_regclass('core_auditedchange') IS NOT NULL THEN
        EXECUTE $audit$
            UPDATE core_auditedchange SET before = before - spoken, after = after - spoken
            FROM (SELECT ARRAY['iae_number', 'iae_ends_on', 'opinion_from', 'evidence_kind'] AS spoken) AS names
            WHERE table_name = 'participants_eligibilityvalidation'
              AND row_id IN (SELECT id FROM participants_eligibilityvalidation WHERE participant_id = $1)
        $audit$ USING person;
    END IF;
    PERFORM set_config('portal.forgetting', '', true);
END $$;
REVOKE ALL ON FUNCTION participants_forget_history(bigint) FROM PUBLIC;
"""
# Somebody of a company whose markets are over for long.
FORGET_CONTACT = r"""
CREATE FUNCTION participants_forget_contact(contact bigint) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM markets_companycontact WHERE id = contact AND left_on IS NOT NULL AND email = '') THEN
        RAISE EXCEPTION 'only an erased contact is forgotten' USING ERRCODE = '23R01';
    END IF;
    PERFORM set_config('portal.forgetting', 'on', true);
    UPDATE markets_historicalcompanycontact past
    SET name = kept.name, job_title = '', email = '', phone = kept.phone, history_change_reason = NULL
    FROM markets_companycontact kept WHERE kept.id = contact AND past.id = contact;
    PERFORM set_config('portal.forgetting', '', true);
END $$;
REVOKE ALL ON FUNCTION participants_forget_contact(bigint) FROM PUBLIC;
"""
# A certificate is never changed, but its content is erased with the person it names: by the function above alone, which
# has the rights of the owner of the table.
ERASABLE_PAPERS = r"""
CREATE FUNCTION participants_certificate_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('portal.forgetting', true) = 'on'
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
        AND NEW.content = '' AND (to_jsonb(NEW) - 'content' - 'sha256') = (to_jsonb(OLD) - 'content' - 'sha256')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a certificate never changes' USING ERRCODE = '23R01';
END $$;
DROP TRIGGER eligibility_certificate_is_frozen ON participants_eligibilitycertificate;
DROP TRIGGER work_certificate_is_frozen ON participants_workcertificate;
CREATE TRIGGER eligibility_certificate_is_frozen BEFORE UPDATE OR DELETE ON participants_eligibilitycertificate
    FOR EACH ROW EXECUTE FUNCTION participants_certificate_is_frozen();
CREATE TRIGGER work_certificate_is_frozen BEFORE UPDATE OR DELETE ON participants_workcertificate
    FOR EACH ROW EXECUTE FUNCTION participants_certificate_is_frozen();
"""
ERASABLE_PAPERS_BACK = """
DROP TRIGGER work_certificate_is_frozen ON participants_workcertificate;
DROP TRIGGER eligibility_certificate_is_frozen ON participants_eligibilitycertificate;
CREATE TRIGGER eligibility_certificate_is_frozen BEFORE UPDATE OR DELETE ON participants_eligibilitycertificate
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
CREATE TRIGGER work_certificate_is_frozen BEFORE UPDATE OR DELETE ON participants_workcertificate
    FOR EACH ROW EXECUTE FUNCTION markets_paper_is_frozen();
DROP FUNCTION participants_certificate_is_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('facilitators', '0006_invitations'),
        ('markets', '0011_opening_and_watch'),
        ('participants', '0007_taken_over'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_console', models.BooleanField(default=False, verbose_name='demandé en ligne de commande')),
                ('asked_at', models.DateTimeField(null=True, verbose_name='demandé le')),
                ('state', models.CharField(choices=[('asked', 'Demandé'), ('running', 'En cours'), ('done', 'Terminé'), ('refused', 'Refusé'), ('failed', 'Échec')], default='asked', max_length=10, verbose_name='état')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='étapes faites')),
                ('total', models.PositiveIntegerField(default=4, verbose_name='étapes')),
                ('step', models.CharField(blank=True, max_length=100, verbose_name='étape en cours')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('sent_on', models.DateTimeField(blank=True, null=True, verbose_name='transmis au travailleur le')),
                ('finished_on', models.DateTimeField(blank=True, null=True, verbose_name='fini le')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='erreur')),
                ('content', models.BinaryField(blank=True, null=True, verbose_name='archive ZIP')),
                ('expires_on', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='téléchargeable jusqu’au')),
            ],
            options={
                'verbose_name': 'copie des données d’une personne',
                'verbose_name_plural': 'copies des données d’une personne',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requester', models.CharField(blank=True, help_text='Nom et prénom, quand aucune fiche n’est trouvée.', max_length=160, validators=[clauses_portal.core.validators.validate_one_line], verbose_name='demandeur sans fiche')),
                ('kind', models.CharField(choices=[('access', 'Accès aux données'), ('rectification', 'Rectification'), ('erasure', 'Effacement'), ('opposition', 'Opposition'), ('limitation', 'Limitation du traitement')], max_length=13, verbose_name='droit exercé')),
                ('received_on', models.DateField(verbose_name='reçue le')),
                ('details', models.TextField(blank=True, max_length=2000, validators=[clauses_portal.core.validators.validate_plain_text], verbose_name='ce qui est demandé')),
                ('identity_checked', models.BooleanField(default=False, verbose_name='identité vérifiée')),
                ('extended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='délai prolongé le')),
                ('extension_reason', models.CharField(blank=True, editable=False, max_length=300, validators=[clauses_portal.core.validators.validate_one_line], verbose_name='motif de la prolongation')),
                ('due_on', models.GeneratedField(db_persist=True, expression=models.Case(models.When(extended_on__isnull=True, then=models.Func(models.F('received_on'), output_field=models.DateField(), template="((%(expressions)s + interval '1 month')::date)")), default=models.Func(models.F('received_on'), output_field=models.DateField(), template="((%(expressions)s + interval '3 month')::date)"), output_field=models.DateField()), output_field=models.DateField(), verbose_name='réponse due le')),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Acceptée'), ('partly', 'Acceptée en partie'), ('refused', 'Refusée'), ('no_data', 'Aucune donnée sur cette personne')], max_length=8, verbose_name='suite')),
                ('answer', models.TextField(blank=True, max_length=2000, validators=[clauses_portal.core.validators.validate_plain_text], verbose_name='réponse donnée')),
                ('recorded_at', models.DateTimeField(editable=False, null=True, verbose_name='enregistrée le')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='répondue le')),
            ],
            options={
                'verbose_name': 'demande sur des données',
                'verbose_name_plural': 'demandes sur des données',
                'ordering': ['-received_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalDataRequest',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('access', 'Accès aux données'), ('rectification', 'Rectification'), ('erasure', 'Effacement'), ('opposition', 'Opposition'), ('limitation', 'Limitation du traitement')], max_length=13, verbose_name='droit exercé')),
                ('received_on', models.DateField(verbose_name='reçue le')),
                ('identity_checked', models.BooleanField(default=False, verbose_name='identité vérifiée')),
                ('extended_on', models.DateField(blank=True, editable=False, null=True, verbose_name='délai prolongé le')),
                ('extension_reason', models.CharField(blank=True, editable=False, max_length=300, validators=[clauses_portal.core.validators.validate_one_line], verbose_name='motif de la prolongation')),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Acceptée'), ('partly', 'Acceptée en partie'), ('refused', 'Refusée'), ('no_data', 'Aucune donnée sur cette personne')], max_length=8, verbose_name='suite')),
                ('recorded_at', models.DateTimeField(editable=False, null=True, verbose_name='enregistrée le')),
                ('answered_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='répondue le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical demande sur des données',
                'verbose_name_plural': 'historical demandes sur des données',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalParticipantHold',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('litigation', 'Contentieux'), ('fse', 'Contrôle du Fonds social européen')], max_length=10, verbose_name='nature')),
                ('reason', models.CharField(max_length=300, validators=[clauses_portal.core.validators.validate_one_line], verbose_name='motif')),
                ('until', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('placed_at', models.DateTimeField(null=True, verbose_name='posée le')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='levée le')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical mesure de conservation',
                'verbose_name_plural': 'historical mesures de conservation',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ParticipantHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('litigation', 'Contentieux'), ('fse', 'Contrôle du Fonds social européen')], max_length=10, verbose_name='nature')),
                ('reason', models.CharField(max_length=300, validators=[clauses_portal.core.validators.validate_one_line], verbose_name='motif')),
                ('until', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('placed_at', models.DateTimeField(null=True, verbose_name='posée le')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='levée le')),
            ],
            options={
                'verbose_name': 'mesure de conservation',
                'verbose_name_plural': 'mesures de conservation',
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='participant',
            name='participant_once_in_territory',
        ),
        migrations.AddField(
            model_name='historicalparticipant',
            name='anonymised_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='anonymisée le'),
        ),
        migrations.AddField(
            model_name='historicalparticipant',
            name='archived_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='archivée le'),
        ),
        migrations.AddField(
            model_name='historicalparticipant',
            name='limited_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='traitement limité depuis le'),
        ),
        migrations.AddField(
            model_name='historicalparticipant',
            name='opposed_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='opposition enregistrée le'),
        ),
        migrations.AddField(
            model_name='participant',
            name='anonymised_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='anonymisée le'),
        ),
        migrations.AddField(
            model_name='participant',
            name='archived_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='archivée le'),
        ),
        migrations.AddField(
            model_name='participant',
            name='limited_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='traitement limité depuis le'),
        ),
        migrations.AddField(
            model_name='participant',
            name='opposed_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='opposition enregistrée le'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(models.F('territory'), models.F('search_name'), models.F('birth_date'), condition=models.Q(('anonymised_on__isnull', True), ('merged_into__isnull', True)), name='participant_once_in_territory', violation_error_message='Une personne de ce nom et de cette date de naissance est déjà suivie ici.'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('anonymised_on__isnull', True), models.Q(('address', ''), ('birth_date__day', 1), ('birth_date__month', 1), ('birth_name', ''), ('email', ''), ('first_name', ''), ('france_travail_id', ''), ('phone', ''), ('search_name', '')), _connector='OR'), name='participant_anonymised_whole', violation_error_message='Une fiche anonymisée ne dit plus qui est la personne.'),
        ),
        migrations.AddField(
            model_name='accessexport',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par'),
        ),
        migrations.AddField(
            model_name='accessexport',
            name='participant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_exports', to='participants.participant', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='answered_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='répondue par'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='participant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='participants.participant', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='recorded_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='enregistrée par'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='territory',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='facilitators.territory', verbose_name='territoire'),
        ),
        migrations.AddField(
            model_name='historicaldatarequest',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='répondue par'),
        ),
        migrations.AddField(
            model_name='historicaldatarequest',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaldatarequest',
            name='participant',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='participants.participant', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='historicaldatarequest',
            name='recorded_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='enregistrée par'),
        ),
        migrations.AddField(
            model_name='historicaldatarequest',
            name='territory',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='facilitators.territory', verbose_name='territoire'),
        ),
        migrations.AddField(
            model_name='historicalparticipanthold',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalparticipanthold',
            name='participant',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='participants.participant', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='historicalparticipanthold',
            name='placed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posée par'),
        ),
        migrations.AddField(
            model_name='historicalparticipanthold',
            name='released_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='levée par'),
        ),
        migrations.AddField(
            model_name='participanthold',
            name='participant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='participants.participant', verbose_name='personne'),
        ),
        migrations.AddField(
            model_name='participanthold',
            name='placed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posée par'),
        ),
        migrations.AddField(
            model_name='participanthold',
            name='released_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='levée par'),
        ),
        migrations.AddConstraint(
            model_name='accessexport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_at__isnull', True), ('asked_by__isnull', True)), models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), _connector='OR'), name='accessexport_asked_pair', violation_error_message='La date et l’auteur vont ensemble.'),
        ),
        migrations.AddConstraint(
            model_name='accessexport',
            constraint=models.CheckConstraint(condition=models.Q(('content__isnull', True), ('expires_on__isnull', False), _connector='OR'), name='access_export_expires', violation_error_message='Une copie de données a une date d’expiration.'),
        ),
        migrations.AddConstraint(
            model_name='accessexport',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'running'])), fields=('asked_by', 'participant'), name='one_access_export_at_a_time', violation_error_message='Une demande identique est en cours.'),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['due_on'], name='data_request_open'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recorded_at__isnull', True), ('recorded_by__isnull', True)), models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='datarequest_recorded_pair', violation_error_message='La date et l’auteur vont ensemble.'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='datarequest_answered_pair', violation_error_message='La date et l’auteur vont ensemble.'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('participant__isnull', False), ('requester', '')), models.Q(('participant__isnull', True), models.Q(('requester', ''), _negated=True)), _connector='OR'), name='data_request_of_somebody', violation_error_message='Choisissez la fiche de la personne, ou écrivez son nom si elle n’en a pas.'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('extended_on__isnull', True), ('extension_reason', '')), models.Q(('extended_on__isnull', False), models.Q(('extension_reason', ''), _negated=True)), _connector='OR'), name='data_request_extension_explained', violation_error_message='Un délai se prolonge avec son motif.'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('outcome', '')), models.Q(('answered_at__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='data_request_answer_whole', violation_error_message='Une réponse porte sa date, sa suite et son texte.'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('identity_checked', True), models.Q(('outcome__in', ['granted', 'partly']), _negated=True), _connector='OR'), name='data_request_identity_first', violation_error_message='Vérifiez l’identité de la personne avant de lui répondre.'),
        ),
        migrations.AddConstraint(
            model_name='participanthold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('placed_at__isnull', True), ('placed_by__isnull', True)), models.Q(('placed_at__isnull', False), ('placed_by__isnull', False)), _connector='OR'), name='participanthold_placed_pair', violation_error_message='La date et l’auteur vont ensemble.'),
        ),
        migrations.AddConstraint(
            model_name='participanthold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_by__isnull', True)), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='participanthold_released_pair', violation_error_message='La date et l’auteur vont ensemble.'),
        ),
        migrations.AddConstraint(
            model_name='participanthold',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hold_explained', violation_error_message='Une mesure de conservation porte son motif.'),
        ),
        migrations.AddConstraint(
            model_name='participanthold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'fse'), _negated=True), ('until__isnull', False), _connector='OR'), name='hold_of_the_fse_ends', violation_error_message='Une conservation pour le FSE porte sa date de fin.'),
        ),
        migrations.RunSQL(PATTERN, "DROP FUNCTION participants_loose_pattern(text);"),
        migrations.RunSQL(MARKS, "DROP FUNCTION participants_marks(bigint);"),
        migrations.RunSQL(BIRTHS, "DROP FUNCTION participants_births(bigint);"),
        migrations.RunSQL(FREE_HISTORY, "DROP FUNCTION participants_free_history();"),
        migrations.RunSQL(FORGET_HISTORY, "DROP FUNCTION participants_forget_history(bigint);"),
        migrations.RunSQL(FORGET_CONTACT, "DROP FUNCTION participants_forget_contact(bigint);"),
        migrations.RunSQL(ERASABLE_PAPERS, ERASABLE_PAPERS_BACK),
    ]
