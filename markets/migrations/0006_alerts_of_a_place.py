"""An alert has a territory of its own, and may have no lot nor author: a rule raises it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def place(apps, schema_editor):
    for name in ("Alert",):
        alert = apps.get_model("markets", name)
        for row in alert.objects.select_related("lot").order_by().iterator():
            alert.objects.filter(pk=row.pk).update(territory_id=row.lot.territory_id)


class Migration(migrations.Migration):
    dependencies = [
        ("markets", "0005_whole_ranges"),
        ("facilitators", "0002_notifications_and_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint("alert", "alert_raised_pair"),
        migrations.RemoveConstraint("alert", "alert_closed_pair"),
        migrations.RemoveConstraint("alert", "alert_closed_with_answer"),
        migrations.RenameField("alert", "raised_at", "raised_on"),
        migrations.RenameField("alert", "closed_at", "closed_on"),
        migrations.RenameField("historicalalert", "raised_at", "raised_on"),
        migrations.RenameField("historicalalert", "closed_at", "closed_on"),
        migrations.RenameField("alert", "raised_by", "author"),
        migrations.RenameField("alert", "closed_by", "closer"),
        migrations.RenameField("historicalalert", "raised_by", "author"),
        migrations.RenameField("historicalalert", "closed_by", "closer"),
        migrations.AlterModelOptions("alert", options={"ordering": ["-raised_on", "-pk"], "verbose_name": "alerte"}),
        migrations.AddField(
            "alert",
            "territory",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alerts",
                to="facilitators.territory",
                verbose_name="territoire",
            ),
        ),
        migrations.RunPython(place, migrations.RunPython.noop),
        migrations.AlterField(
            "alert",
            "territory",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="alerts",
                to="facilitators.territory",
                verbose_name="territoire",
            ),
        ),
    ]
