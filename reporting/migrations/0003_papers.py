from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_published_is_frozen")]
    operations = [
        migrations.RemoveConstraint("statement", "statement_has_one_scope"),
        migrations.RemoveConstraint("statement", "statement_once"),
        migrations.RemoveConstraint("statement", "statement_quarter_format"),
        migrations.RemoveIndex("statement", "statement_by_quarter"),
        migrations.AlterModelOptions("statement", {"ordering": ["pk"], "verbose_name": "état"}),
        migrations.RenameField("statement", "quarter", "period_code"),
        migrations.RenameField("historicalstatement", "quarter", "period_code"),
        *(
            migrations.AddField(
                model, name, models.DateField(label, editable=False, default="1990-01-01"), preserve_default=False
            )
            for model in ("statement", "historicalstatement")
            for name, label in (("starts_on", "du"), ("ends_on", "au"))
        ),
    ]
