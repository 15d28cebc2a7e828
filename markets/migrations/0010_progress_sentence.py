"""The sentence of a refused progress: Django formats it, its « % » is written twice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("markets", "0009_before_papers")]
    operations = [
        migrations.AlterConstraint(
            model_name="physicalprogress",
            name="physical_progress_percent",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)),
                name="physical_progress_percent",
                violation_error_message="L’avancement physique est compris entre 0 et 100 %%.",
            ),
        ),
    ]
