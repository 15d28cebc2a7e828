"""The register of processing (RGPD art. 30), declared once: its page, its notice and its tests read it here.

A table that holds personal data and is in none of these activities fails a test. Durations: domain.md §8, and the
settings that apply them.
"""

from dataclasses import dataclass

PUBLIC_MISSION = "Mission d’intérêt public (RGPD, article 6.1.e)"
LEGAL_DUTY = "Obligation légale (RGPD, article 6.1.c)"
CONTROLLERS = (
    ("Département des Bouches-du-Rhône", "valorise les heures de ses allocataires du RSA (convention, article 2-2)"),
    ("Métropole Aix-Marseille-Provence", "suit les participants de ses plans locaux pour l’insertion et l’emploi"),
)
# Who sees what of a person (domain.md §8).
RECIPIENTS = (
    ("Facilitateur du territoire", "le dossier entier des personnes qu’il suit"),
    (
        "Facilitateur d’un autre territoire",
        "que la personne est déjà validée, jusqu’à quand, et par quelle structure",
    ),
    (
        "Chargées de mission du Département",
        "des effectifs et des heures ; la liste nominative des bénéficiaires du RSA, sur demande motivée",
    ),
    ("Référents juridiques", "les marchés et leur exécution, aucune personne"),
    ("Directions opérationnelles", "les heures de leurs marchés, aucune personne"),
    ("Directeurs et élus", "des effectifs, jamais sous cinq personnes"),
    ("Employeur", "nom, prénom, poste, validation et ses dates ; jamais la raison de l’éligibilité"),
    ("Délégué à la protection des données", "ce qu’il faut pour répondre aux personnes, et les fiches archivées"),
)
SECURITY = (
    "Double authentification de tous les agents qui voient des personnes ; comptes ouverts sur invitation.",
    "Cloisonnement par territoire, dans l’application puis dans la base de données elle-même.",
    "Journal des consultations, gardé un an ; alerte en cas de consultation inhabituelle.",
    "Fichiers contrôlés par un antivirus, jamais accessibles par une adresse directe.",
    "Sauvegardes chiffrées et restauration vérifiée.",
    "Aucun justificatif conservé : seuls sa nature, sa date et qui l’a vu sont notés.",
)


@dataclass(frozen=True)
class Processing:
    """An activity: why, on what ground, of whom, which data, for whom, how long; `models`: the tables it uses."""

    title: str
    purpose: str
    ground: str
    people: str
    data: str
    recipients: str
    kept: str
    models: tuple[str, ...]


PERSONS = Processing(
    "Accompagnement des personnes",
    "Vérifier l’éligibilité des personnes éloignées de l’emploi, les proposer aux entreprises, suivre leur parcours.",
    PUBLIC_MISSION,
    "Personnes candidates ou employées au titre d’une clause sociale d’insertion",
    "Identité, naissance, domicile, contact, situation à l’entrée, catégorie d’éligibilité, validations, propositions, "
    "situations de sortie. Ni numéro de sécurité sociale, ni donnée de santé détaillée, ni appréciation sociale.",
    "Facilitateur du territoire ; employeur pour l’identité et les dates de validation",
    "24 mois après le dernier contact, puis 24 mois d’archivage intermédiaire, puis anonymisation. Une personne jamais "
    "embauchée est anonymisée 24 mois après le dernier contact. Un contentieux ou un contrôle européen suspend la fin.",
    (
        *("participants.Participant", "participants.EligibilityValidation", "participants.EligibilityCertificate"),
        *("participants.Referral", "participants.ExitSituation", "participants.WorkCertificate"),
        *("participants.Participant_wanted_jobs", "facilitators.ExternalReference"),
    ),
)
WORK = Processing(
    "Contrats et heures",
    "Compter les heures d’insertion réalisées et contrôler qu’elles sont dues à des personnes validées.",
    PUBLIC_MISSION + " ; exécution des marchés",
    "Personnes employées, interlocuteurs des entreprises",
    "Contrats de travail, heures par mois, relevés des entreprises, nom de qui les certifie",
    "Facilitateur du territoire ; Département et directions en heures seulement",
    "Comme la fiche de la personne. Les relevés déposés sont effacés au bout d’un an, leurs pièces dès qu’elles sont "
    "vues.",
    (
        *("participants.EmploymentContract", "participants.HoursEntry", "participants.MonthlyDeclaration"),
        *("participants.DeclarationLine", "participants.HoursImport", "participants.ImportedLine"),
    ),
)
LISTS = Processing(
    "Listes nominatives des bénéficiaires du RSA",
    "Permettre au Département de valoriser les bénéficiaires du RSA dont il a la charge (convention, article 2-2).",
    PUBLIC_MISSION,
    "Bénéficiaires du RSA domiciliés dans les Bouches-du-Rhône",
    "Identité, naissance, commune, contrat, heures comptabilisées",
    "Chargées de mission du Département, facilitateur du territoire",
    "Fichier effacé au bout de 24 heures ; qui l’a demandé, quand et pourquoi reste",
    ("reporting.NominativeList", "reporting.ListDownload"),
)
EUROPEAN = Processing(
    "Participants du Fonds social européen",
    "Rendre compte des opérations cofinancées (règlement 2021/1057, annexe I).",
    LEGAL_DUTY,
    "Participants d’une opération cofinancée qui ont signé le questionnaire",
    "Réponses au questionnaire, dont des données sensibles, avec la faculté de ne pas répondre",
    "Facilitateur du territoire ; autorité de gestion en effectifs seulement",
    "Jusqu’au terme du contrôle européen, porté sur la fiche par une mesure de conservation",
    ("participants.EuropeanAnswers",),
)
COMPANIES = Processing(
    "Interlocuteurs des entreprises",
    "Suivre l’exécution de la clause avec l’entreprise titulaire.",
    PUBLIC_MISSION,
    "Salariés et représentants des entreprises",
    "Nom, fonction, adresse électronique et téléphone professionnels",
    "Agents qui suivent un lot de l’entreprise",
    "Durée du marché et trois ans",
    (
        *("markets.CompanyContact", "markets.MeetingGuest", "markets.Meeting", "markets.MeetingMinutes"),
        *("markets.BidderQuestion", "markets.PenaltyCase", "participants.JobPosting"),
    ),
)
ACCOUNTS = Processing(
    "Comptes, journal et messages du portail",
    "Ouvrir le portail à qui y a droit, savoir qui a fait quoi, écrire aux personnes concernées.",
    PUBLIC_MISSION + " ; " + LEGAL_DUTY.lower(),
    "Agents et facilitateurs titulaires d’un compte, destinataires des courriels",
    "Identité et contact professionnels, rôle, connexions, actes ; courriels envoyés",
    "Administrateur ; délégué à la protection des données pour le journal",
    "Compte fermé au départ, signalé après 24 mois sans connexion ; journal un an ; texte des courriels un an",
    (
        *("accounts.User", "accounts.JournalEntry", "accounts.CharterAcceptance", "accounts.ProConnectIdentity"),
        *("accounts.FormDraft", "facilitators.Invitation", "facilitators.Membership", "facilitators.OutgoingMail"),
        *("facilitators.Notification", "facilitators.Structure", "markets.Alert"),
    ),
)
EXCHANGES = Processing(
    "Échanges entre logiciels",
    "Transmettre au Département et aux structures facilitatrices les données de la convention (article 2-2).",
    PUBLIC_MISSION,
    "Personnes suivies, dans la limite de ce que l’auteur de l’échange peut lire",
    "Celles des activités précédentes",
    "Structure de la clé d’accès",
    "Paquets effacés au bout de sept jours ; contenu des fichiers importés dès l’enregistrement",
    (
        *("reporting.PackageExport", "reporting.DataImport", "reporting.ExchangeLine"),
        *("facilitators.RepeatableRequest", "facilitators.KeyAddress"),
    ),
)
RIGHTS = Processing(
    "Demandes des personnes sur leurs données",
    "Répondre aux personnes dans le délai d’un mois et en garder la preuve.",
    LEGAL_DUTY,
    "Personnes qui exercent leurs droits",
    "Identité, demande, réponse ; copie des données pendant trois jours",
    "Délégué à la protection des données, facilitateur du territoire",
    "Comme la fiche de la personne ; sans fiche, deux ans après la réponse",
    ("participants.DataRequest", "participants.ParticipantHold", "participants.AccessExport"),
)
REGISTER = (PERSONS, WORK, LISTS, EUROPEAN, COMPANIES, ACCOUNTS, EXCHANGES, RIGHTS)
