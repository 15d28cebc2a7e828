from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("participants", "0007_zz_h_jobs")]
    operations = [
        migrations.RenameField("jobposting", "answer_by", "closes_on"),
        migrations.RenameField("historicaljobposting", "answer_by", "closes_on"),
    ]
