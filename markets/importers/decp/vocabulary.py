"""Words of the DECP into the codes of `markets.enums`. Keys are folded (see `values.fold`)."""

from markets.importers.decp.values import fold, known

NATURES = {
    "marche": "market",
    "accordcadre": "framework",
    "marchesubsequent": "subsequent",
    "marchedepartenariat": "partnership",
    "marchededefenseoudesecurite": "defence",
}

PROCEDURES = {
    "procedureadaptee": "adapted",
    "appeldoffresouvert": "open",
    "appeldoffresrestreint": "restricted",
    "procedureavecnegociation": "negotiated",
    # wordings of the 2019 format, before the Code de la commande publique
    "procedureconcurrentielleavecnegociation": "negotiated",
    "procedurenegocieeavecmiseenconcurrenceprealable": "negotiated",
    "marchenegociesanspublicitenimiseenconcurrenceprealable": "direct",
    "marchepublicnegociesanspublicitenimiseenconcurrenceprealable": "direct",
    "marchepassesanspublicitenimiseenconcurrenceprealable": "direct",
    "dialoguecompetitif": "dialogue",
}

TECHNIQUES = {
    "sansobjet": "none",
    "accordcadre": "framework",
    "concours": "contest",
    "systemedequalification": "qualification",
    "systemedacquisitiondynamique": "dynamic",
    "catalogueelectronique": "catalogue",
    "enchereelectronique": "auction",
}

SOCIAL = {
    "clausesociale": "clause",
    "criteresocial": "criterion",
    "marchereserve": "reserved",
    "concessionreservee": "reserved",
    "pasdeconsiderationsociale": "none",
}

GROUPS = {"conjoint": "joint", "solidaire": "solidary", "pasdegroupement": "none"}

PLACE_TYPES = {
    "codepostal": "postal",
    "codecommune": "commune",
    "codearrondissement": "arrondissement",
    "codecanton": "canton",
    "codedepartement": "department",
    "coderegion": "region",
    "codepays": "country",
}

IDENTIFIER_TYPES = {"tvaintracommunautaire": "TVA", "horsue": "HORS-UE"} | {
    name.lower(): name for name in ("SIRET", "SIREN", "TVA", "TAHITI", "RIDET", "FRWF", "IREP")
}

# CPV divisions (2008): 45 is works, below and 48 are supplies, the rest services.
_INTELLECTUAL_DIVISIONS = {"71", "73"}
_CCAG_KINDS = {
    "travaux": "works",
    "maitrisedoeuvre": "intellectual",
    "maitriseduvre": "intellectual",
    "prestationsintellectuelles": "intellectual",
}


def translate(value, words):
    """Code of a cell, or `""` when the word is not one of `words`."""
    return words.get(fold(known(value, 200)), "")


def kind_of(cpv, ccag, concession):
    """Guess the nature of the purchase (works, services, supplies…) from the CPV division, else the CCAG."""
    if concession:
        return "concession"
    division = cpv[:2]
    if division == "45":
        return "works"
    if division in _INTELLECTUAL_DIVISIONS:
        return "intellectual"
    if division:
        return "supplies" if division < "45" or division == "48" else "services"
    return translate(ccag, _CCAG_KINDS)
