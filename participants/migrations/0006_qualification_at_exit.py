from django.db import migrations, models

FIELD = models.CharField(
    choices=[("unasked", "Non demandé"), ("yes", "Oui"), ("no", "Non"), ("refused", "Ne souhaite pas répondre")],
    default="unasked",
    max_length=8,
    verbose_name="qualification obtenue à la sortie de l’opération",
)


class Migration(migrations.Migration):
    dependencies = [("participants", "0005_before_papers")]

    operations = [
        migrations.AddField(model_name="europeananswers", name="qualified", field=FIELD.clone()),
        migrations.AddField(model_name="historicaleuropeananswers", name="qualified", field=FIELD.clone()),
    ]
