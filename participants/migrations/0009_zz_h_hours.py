from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("participants", "0008_zz_h_jobs")]
    operations = [
        migrations.RemoveConstraint(model_name="hoursentry", name="hours_booked_later"),
        migrations.AddConstraint(
            model_name="hoursentry",
            constraint=models.CheckConstraint(
                name="hours_booked_later",
                condition=Q(booked_in__isnull=True, correction_reason="")
                | (
                    Q(booked_in__isnull=False, booked_in__day=1, booked_in__gt=F("ends_on"))
                    & ~Q(correction_reason="")
                ),
                violation_error_message="Une régularisation s’inscrit dans un mois suivant, avec son motif.",
            ),
        ),
    ]
