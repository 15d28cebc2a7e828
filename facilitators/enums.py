from django.db import models


class Role(models.TextChoices):
    """The roles of the portal (design.md §3), and the officer of RGPD art. 37. A company has no account."""

    MISSION_OFFICER = "mission_officer", "Chargée de mission"
    LEGAL_OFFICER = "legal_officer", "Référent juridique"
    DIRECTORATE_AGENT = "directorate_agent", "Direction opérationnelle"
    FACILITATOR = "facilitator", "Facilitateur"
    DIRECTOR = "director", "Directeur"
    ADMINISTRATOR = "administrator", "Administrateur"
    PRIVACY_OFFICER = "privacy_officer", "Délégué à la protection des données"


class Permission(models.TextChoices):
    """What may be done somewhere: on a territory or, for a direction opérationnelle, on its directorate."""

    VIEW_MARKETS = "view_markets", "Consulter les opérations, marchés et lots"
    MANAGE_MARKETS = "manage_markets", "Gérer les opérations, marchés et lots"
    VIEW_AMOUNTS = "view_amounts", "Consulter les montants"
    MANAGE_AMOUNTS = "manage_amounts", "Saisir les montants"
    VIEW_METHOD = "view_method", "Consulter la méthode de calcul"
    GIVE_OPINION = "give_opinion", "Donner l’avis du facilitateur"
    DECIDE_CLAUSE = "decide_clause", "Décider du recours à la clause"
    GIVE_VISA = "give_visa", "Donner le visa juridique"
    PROPOSE_CALIBRATION = "propose_calibration", "Proposer les heures d’un lot"
    RETAIN_CALIBRATION = "retain_calibration", "Retenir les heures d’un lot"
    PRODUCE_DOCUMENTS = "produce_documents", "Produire les pièces de la clause"
    MANAGE_TEMPLATES = "manage_templates", "Gérer les modèles de pièces"
    ANSWER_BIDDERS = "answer_bidders", "Tenir le registre des questions des candidats"
    ASSIGN_REFERENTS = "assign_referents", "Désigner les facilitateurs référents"
    MANAGE_AWARDS = "manage_awards", "Saisir les attributions"
    MANAGE_COMPANIES = "manage_companies", "Tenir les contacts des entreprises"
    DECIDE_OBJECTIVES = "decide_objectives", "Décider des heures dues"
    MANAGE_MEETINGS = "manage_meetings", "Organiser les réunions"
    VIEW_PERSONS = "view_persons", "Consulter les personnes"
    MANAGE_PERSONS = "manage_persons", "Gérer les personnes et leurs contrats"
    VALIDATE_PERSONS = "validate_persons", "Valider l’éligibilité des personnes"
    VIEW_HOURS = "view_hours", "Consulter les heures"
    ENTER_HOURS = "enter_hours", "Saisir les heures"
    VIEW_ALERTS = "view_alerts", "Consulter les alertes"
    MANAGE_ALERTS = "manage_alerts", "Gérer les alertes"
    VIEW_PENALTIES = "view_penalties", "Consulter les pénalités"
    PROPOSE_PENALTIES = "propose_penalties", "Proposer des pénalités"
    DECIDE_PENALTIES = "decide_penalties", "Décider des pénalités"
    VIEW_STATEMENTS = "view_statements", "Consulter les états et bilans"
    PUBLISH_STATEMENTS = "publish_statements", "Produire et publier les états"
    COMMENT_STATEMENTS = "comment_statements", "Commenter les états avant leur publication"
    PUBLISH_REPORTS = "publish_reports", "Publier les bilans du Département"
    LIST_BENEFICIARIES = "list_beneficiaries", "Demander la liste nominative des bénéficiaires du RSA"
    IMPORT_MARKETS = "import_markets", "Importer des données de marchés"
    MANAGE_REFERENCES = "manage_references", "Gérer les référentiels"
    MANAGE_ACCOUNTS = "manage_accounts", "Gérer les comptes et les droits"
    MANAGE_KEYS = "manage_keys", "Créer les clés d’accès de la structure"
    REVOKE_KEYS = "revoke_keys", "Révoquer les clés d’accès"
    EXCHANGE_DATA = "exchange_data", "Exporter et importer des paquets de données"
    VIEW_JOURNAL = "view_journal", "Consulter le journal"
    RECORD_DATA_REQUESTS = "record_data_requests", "Recevoir les demandes des personnes sur leurs données"
    DECIDE_DATA_REQUESTS = "decide_data_requests", "Décider des demandes des personnes et de la conservation"

    @property
    def is_writing(self):
        return not self.value.startswith("view_")


class StructureKind(models.TextChoices):
    DEPARTMENT = "department", "Département"
    METROPOLIS = "metropolis", "Métropole"
    FACILITATION = "facilitation", "Structure facilitatrice"


class KeyDirection(models.TextChoices):
    """Who sends, in the words of the convention: the key follows the data."""

    TO_FACILITATOR = "to_facilitator", "du Département au facilitateur"
    TO_DEPARTMENT = "to_department", "du facilitateur au Département"


class KeyState(models.TextChoices):
    """What a key opens at a moment: only one in service opens something."""

    LIVE = "live", "En service"
    EXPIRED = "expired", "Expirée"
    REVOKED = "revoked", "Révoquée"
    OUT_OF_CONVENTION = "out_of_convention", "Convention finie"


class KeyScope(models.TextChoices):
    """What a key permits. Writing includes reading."""

    READ_MARKETS = "markets:read", "Lire les opérations, marchés, lots, attributions et entreprises"
    WRITE_MARKETS = "markets:write", "Déposer les opérations, marchés, lots, attributions et entreprises"
    READ_PERSONS = "persons:read", "Lire les personnes, validations et sorties"
    WRITE_PERSONS = "persons:write", "Déposer les personnes, validations, contrats et sorties"
    READ_HOURS = "hours:read", "Lire les contrats et les heures"
    WRITE_HOURS = "hours:write", "Déposer les heures"
    READ_ALERTS = "alerts:read", "Lire les alertes"
    WRITE_ALERTS = "alerts:write", "Signaler et clore des alertes"
    READ_STATEMENTS = "statements:read", "Lire les états et bilans publiés"

    @classmethod
    def of(cls, direction):
        """The values a key of this direction may hold: markets are written by the Département, persons and hours
        belong to the facilitators (design.md §3)."""
        if direction == KeyDirection.TO_FACILITATOR:
            return [cls.READ_MARKETS.value, cls.WRITE_MARKETS.value, cls.READ_ALERTS.value, cls.READ_STATEMENTS.value]
        return [scope.value for scope in cls if scope != cls.WRITE_MARKETS]


class WebhookEvent(models.TextChoices):
    """What the other side waits for (C22)."""

    MARKET_PUBLISHED = "market.published", "Consultation d’un marché lancée"
    AWARD_ENTERED = "award.entered", "Attribution saisie"
    VALIDATION_GRANTED = "validation.granted", "Validation accordée"
    STATEMENT_PUBLISHED = "statement.published", "État ou bilan publié"
