from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0001_scans_and_pulse"),
    ]

    operations = [
        migrations.AddField(
            model_name="filescan",
            name="object_kind",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="nature du dépôt"),
        ),
        migrations.AddField(
            model_name="filescan",
            name="object_id",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="identifiant du dépôt"),
        ),
    ]
