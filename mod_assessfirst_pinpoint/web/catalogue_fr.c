#include "web/catalogue.h"

/* U+00A0 stands before a colon and within guillemets, U+202F before ; ! ? and %. They are written
 * as escapes, because nobody sees them otherwise. */

const char *const afp_catalogue_fr[AFP_WORDS_COUNT] = {
    [AFP_WORDS_NONE] = "",

    /* frame */
    [AFP_WORDS_TITLE] = "AssessFirst pour Pinpoint",
    [AFP_WORDS_TITLE_SETTINGS] = "Réglages\u00a0: AssessFirst pour Pinpoint",
    [AFP_WORDS_TITLE_ACTIVITY] = "Activité\u00a0: AssessFirst pour Pinpoint",
    [AFP_WORDS_TITLE_APPLICATION] = "Candidature %s\u00a0: AssessFirst pour Pinpoint",
    [AFP_WORDS_TITLE_NOT_SAVED] = "Non enregistré\u00a0: AssessFirst pour Pinpoint",
    [AFP_WORDS_HEADING] = "Connexion à Pinpoint",
    [AFP_WORDS_HEADING_APPLICATION] = "Candidature %s",
    [AFP_WORDS_WHO] = "Entreprise %1$s, en tant que %2$s",
    [AFP_WORDS_SKIP] = "Aller au contenu",
    [AFP_WORDS_PAGES] = "Pages",
    [AFP_WORDS_TAB_OVERVIEW] = "Vue d’ensemble",
    [AFP_WORDS_TAB_ACTIVITY] = "Activité",
    [AFP_WORDS_LANGUAGE] = "Langue",
    [AFP_WORDS_DONE] = "C’est fait",
    [AFP_WORDS_BACK] = "Retour à la page",
    [AFP_WORDS_COPY] = "Copier",
    [AFP_WORDS_COPIED] = "Copié",
    [AFP_WORDS_OPEN_PINPOINT] = "Ouvrir Pinpoint",
    [AFP_WORDS_NEW_TAB] = "(dans un nouvel onglet)",

    /* requests that are refused */
    [AFP_WORDS_SIGN_IN_FIRST] = "Connectez-vous d’abord",
    [AFP_WORDS_SIGN_IN_FIRST_WORDS] =
        "Cette page est réservée aux personnes connectées. Si vous l’êtes, l’exploitant du site "
        "doit ajouter une authentification (Require) à cette adresse.",
    [AFP_WORDS_NOT_SET_UP] = "Pas encore configuré",
    [AFP_WORDS_NOT_SET_UP_WORDS] =
        "L’exploitant du site doit indiquer avec PinpointCompany pour quelle entreprise chaque "
        "personne agit.",
    [AFP_WORDS_NO_COMPANY] = "Aucune entreprise",
    [AFP_WORDS_NO_COMPANY_WORDS] =
        "Votre compte n’est rattaché ici à aucune entreprise. Demandez à l’exploitant du site de "
        "le rattacher à la vôtre.",
    [AFP_WORDS_UNAVAILABLE] = "Momentanément indisponible",
    [AFP_WORDS_UNAVAILABLE_WORDS] =
        "La base de données ne répond pas. Rien n’est perdu\u202f; réessayez dans un instant.",
    [AFP_WORDS_UNAVAILABLE_FORM] =
        "La base de données ne répond pas, et vos réglages ne sont peut-être pas enregistrés. "
        "Rechargez cette page dans un instant en laissant votre navigateur renvoyer le "
        "formulaire\u00a0: vous n’aurez rien à saisir à nouveau.",
    [AFP_WORDS_UNKNOWN_ACTION] = "Action inconnue",
    [AFP_WORDS_UNKNOWN_ACTION_WORDS] = "Cette page n’a pas de tel bouton. Rouvrez-la.",
    [AFP_WORDS_METHOD] = "Méthode refusée",
    [AFP_WORDS_METHOD_WORDS] = "Cette page se lit avec GET et se modifie avec POST.",
    [AFP_WORDS_FOREIGN_FORM] = "Envoi refusé",
    [AFP_WORDS_FOREIGN_ORIGIN_WORDS] =
        "Le formulaire vient d’un autre site\u00a0: rien n’a été fait. Ouvrez cette page à son "
        "adresse habituelle et recommencez.",
    [AFP_WORDS_FOREIGN_TOKEN_WORDS] =
        "Le formulaire n’a pas été établi pour vous et cette entreprise\u00a0: rien n’a été "
        "fait. Rouvrez cette page et recommencez.",
    [AFP_WORDS_BAD_FORM] = "Formulaire incompréhensible",
    [AFP_WORDS_BAD_FORM_TYPE] = "Cette page n’accepte que son propre formulaire.",
    [AFP_WORDS_BAD_FORM_SIZE] = "Le formulaire est trop grand.",
    [AFP_WORDS_BAD_FORM_SLOW] = "Le formulaire n’est pas arrivé à temps.",
    [AFP_WORDS_BAD_FORM_UNREADABLE] = "Le formulaire n’a pas pu être lu.",
    [AFP_WORDS_BAD_FORM_BYTES] = "Le formulaire contient des octets qu’un navigateur n’envoie pas.",
    [AFP_WORDS_BAD_FORM_TWICE] = "Le formulaire contient deux fois le même champ.",
    [AFP_WORDS_BAD_FORM_MANY] = "Le formulaire a trop de champs.",

    /* what was done */
    [AFP_WORDS_SAID_GENERATED] = "Un jeton a été généré.",
    [AFP_WORDS_SAID_SAVED] = "Enregistré.",
    [AFP_WORDS_SAID_SAVED_CHECKING] =
        "Enregistré. La vérification est encore en cours\u00a0: rechargez cette page dans un "
        "instant pour en voir le résultat.",
    [AFP_WORDS_SAID_DRAFT] =
        "Enregistré. Revenez quand vous voulez\u00a0: la connexion commencera quand les réglages "
        "seront complets.",
    [AFP_WORDS_SAID_PAUSED] = "En pause\u00a0: les webhooks sont conservés, rien n’est envoyé.",
    [AFP_WORDS_SAID_RESUMED] = "Reprise\u00a0: ce qui attendait est traité maintenant.",
    [AFP_WORDS_SAID_DISCONNECTED] = "Déconnecté. La clé d’API et tous les secrets ont été effacés.",
    [AFP_WORDS_SAID_DELETING] =
        "Déconnecté. Les champs personnalisés sont en cours de suppression dans Pinpoint\u202f; "
        "la clé d’API sera effacée ensuite, tous les autres secrets le sont déjà.",
    [AFP_WORDS_SAID_CHECKING] =
        "La connexion est en cours de test. Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_KEY_REFUSED] =
        "Enregistré, mais Pinpoint n’accepte pas la clé d’API\u00a0: sa réponse figure "
        "ci-dessous. Rien de ce que vous avez saisi n’est perdu.",
    [AFP_WORDS_SAID_WORKS] = "La connexion fonctionne.",
    [AFP_WORDS_SAID_LACKS] = "Quelque chose ne fonctionne pas encore\u00a0: voyez ci-dessous.",
    [AFP_WORDS_SAID_FORMER_REMOVED] =
        "L’ancien secret a été supprimé. Les webhooks signés avec lui sont désormais refusés.",
    [AFP_WORDS_SAID_REVOKED] = "Le jeton d’API a été révoqué\u00a0: il n’y en a plus.",
    [AFP_WORDS_SAID_ERASED] = "Les données de la personne candidate ont été effacées.",
    [AFP_WORDS_SAID_NOTHING_HELD] =
        "Rien n’a été effacé\u00a0: rien n’était conservé de cette candidature. Un webhook "
        "ultérieur de celle-ci sera écarté.",
    [AFP_WORDS_SAID_NOBODY_ERASED] =
        "Rien n’a été effacé\u00a0: aucune invitation ne porte ici cet identifiant AssessFirst.",
    [AFP_WORDS_SAID_INVITING] =
        "L’invitation est en cours d’envoi. Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_SENDING_AGAIN] =
        "L’invitation est en cours de renvoi. Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_TRYING_AGAIN] =
        "Nouvelle tentative en cours. Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_TRYING_ALL] =
        "Ce qui était en échec est relancé. Rechargez cette page dans un instant\u202f; ce qui "
        "reste sous «\u00a0En échec\u00a0» peut être relancé encore une fois.",
    [AFP_WORDS_SAID_DECIDED] =
        "Réexaminé\u00a0: ce qui est maintenant votre déclencheur est en cours de traitement. "
        "Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_STILL_IGNORED] =
        "Réexaminé d’après les réglages actuels\u00a0: ce n’est toujours pas votre déclencheur, "
        "et cela reste ignoré.",
    [AFP_WORDS_SAID_SYNCHRONISING] =
        "Les modèles sont en cours de synchronisation. Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_REFRESHING] =
        "Les résultats sont en cours de lecture. Rechargez cette page dans un instant.",
    [AFP_WORDS_SAID_GONE] =
        "Rien n’a été fait\u00a0: ce que vous aviez sous les yeux a changé entre-temps. Voici "
        "l’état actuel.",
    [AFP_WORDS_API_TOKEN_ONCE] =
        "Voici votre jeton d’API. Copiez-le maintenant\u00a0: il n’est affiché que cette fois, "
        "et seule son empreinte est conservée ici. Gardez-le comme un mot de passe.",

    /* why nothing was done */
    [AFP_WORDS_NOTHING_SAVED] = "Rien n’a été enregistré",
    [AFP_WORDS_SAVED_MEANWHILE] = "Quelqu’un d’autre a enregistré entre-temps",
    [AFP_WORDS_SAVED_MEANWHILE_WORDS] =
        "Ces réglages ont été modifiés pendant que vous les éditiez. Les vôtres ne sont pas "
        "encore enregistrés, et rien n’est perdu\u00a0: comparez ce qui est signalé ci-dessous, "
        "puis enregistrez à nouveau. Ce que contient alors le formulaire fera foi.",
    [AFP_WORDS_DISCONNECTED_MEANWHILE] = "Quelqu’un d’autre a déconnecté l’entreprise entre-temps",
    [AFP_WORDS_DISCONNECTED_MEANWHILE_WORDS] =
        "L’entreprise a été déconnectée pendant que vous éditiez ses réglages. Les vôtres ne sont "
        "pas enregistrés, et rien de ce que vous avez saisi n’est perdu\u00a0: pour reconnecter "
        "l’entreprise avec cette saisie, générez un jeton dans une autre fenêtre, puis enregistrez "
        "ici.",
    [AFP_WORDS_SAVE_ONCE_MORE] =
        "D’autres ont enregistré au même moment. Votre saisie est toujours là\u00a0: enregistrez "
        "encore une fois.",
    [AFP_WORDS_CORRECT_THESE] = "Corrigez ce qui est signalé ci-dessous et enregistrez à nouveau.",
    [AFP_WORDS_OPEN_TOO_LONG] =
        "Cette page est restée ouverte plus de %s heures\u00a0: impossible de savoir si l’envoi "
        "du formulaire vient bien de vous. Envoyez-le encore une fois.",
    [AFP_WORDS_SECRETS_LOST] =
        "Les secrets enregistrés ne peuvent pas être lus\u00a0: saisissez-les d’abord à nouveau, "
        "ou demandez à l’exploitant du site de remettre l’ancienne clé dans sa liste.",
    [AFP_WORDS_MISTAKE] = "Il y a une erreur",
    [AFP_WORDS_LABEL_AND_ERROR] = "%1$s\u00a0: %2$s",
    [AFP_WORDS_ERROR] = "Erreur\u00a0: %s",
    [AFP_WORDS_CHANGED_BY_OTHERS] =
        "Modifié par quelqu’un d’autre pendant votre saisie. La valeur était\u00a0: "
        "<strong>%s</strong>",
    [AFP_WORDS_CHANGED_BY_BOTH] =
        "Quelqu’un d’autre a enregistré entre-temps\u00a0: <strong>%s</strong>. Si vous "
        "enregistrez à nouveau, votre valeur la remplace.",
    [AFP_WORDS_EMPTY] = "(rien)",

    /* what is wrong with a value */
    [AFP_WORDS_FAULT_NO_ADDRESS] =
        "Saisissez l’adresse de votre Pinpoint, par exemple https://acme.%s/admin.",
    [AFP_WORDS_FAULT_IP_ADDRESS] =
        "Ceci est une adresse IP. Saisissez l’adresse de votre Pinpoint, par exemple "
        "https://acme.%s/admin.",
    [AFP_WORDS_FAULT_OTHER_DOMAIN] =
        "Cette adresse n’est pas un sous-domaine de %1$s. Saisissez l’adresse de votre Pinpoint, "
        "par exemple https://acme.%1$s/admin.",
    [AFP_WORDS_FAULT_EMPTY] = "Saisissez une valeur.",
    [AFP_WORDS_FAULT_TOO_LONG] = "C’est trop long\u00a0: %s caractères au plus.",
    [AFP_WORDS_FAULT_SECRET] =
        "La valeur contient des espaces ou des caractères inhabituels\u00a0: copiez-la à nouveau.",
    [AFP_WORDS_FAULT_STATUS] =
        "Le statut contient des caractères qu’un nom d’étape ne peut pas avoir.",
    [AFP_WORDS_FAULT_LOCALE] = "Choisissez l’une des langues.",

    /* the state */
    [AFP_WORDS_STATE] = "<span>État\u00a0:</span> %s",
    [AFP_WORDS_STATE_NOT_CONNECTED] = "Non connecté",
    [AFP_WORDS_STATE_FIRST_EVENT] = "En attente de votre premier événement",
    [AFP_WORDS_STATE_CONNECTED] = "Connecté",
    [AFP_WORDS_STATE_ATTENTION] = "Action requise",
    [AFP_WORDS_STATE_PAUSED] = "En pause",
    [AFP_WORDS_STATE_DISCONNECTED] = "Déconnecté",
    [AFP_WORDS_UNREADABLE] =
        "Les secrets enregistrés ne peuvent plus être lus ici, car la clé de chiffrement du site "
        "a changé. Saisissez à nouveau la clé d’API et les secrets, ou demandez à l’exploitant "
        "du site de remettre l’ancienne clé dans sa liste.",
    [AFP_WORDS_PINPOINT_KEY] = "<strong>Pinpoint refuse la clé d’API</strong> (depuis le %t).",
    [AFP_WORDS_PINPOINT_PERMISSION] =
        "<strong>Pinpoint refuse une action que la clé d’API devrait permettre</strong> (depuis "
        "le %t).",
    [AFP_WORDS_ASSESSFIRST_TOKEN] =
        "<strong>AssessFirst refuse le jeton d’API</strong> (depuis le %t).",
    [AFP_WORDS_ASSESSFIRST_PERMISSION] =
        "<strong>AssessFirst refuse une action que le jeton d’API devrait permettre</strong> "
        "(depuis le %t).",
    [AFP_WORDS_ANSWER_WAS] = "La réponse était\u00a0: %r",
    [AFP_WORDS_DO_PINPOINT_KEY] =
        "Créez une nouvelle clé dans Pinpoint comme à l’étape 1 et saisissez-la dans les "
        "réglages. Si la clé est bonne, il suffit que Pinpoint l’accepte à nouveau.",
    [AFP_WORDS_DO_PINPOINT_PERMISSION] =
        "Dans Pinpoint, vérifiez que l’API est activée et que la clé a toutes les autorisations "
        "de l’étape 1. Une nouvelle vérification aura lieu automatiquement.",
    [AFP_WORDS_DO_ASSESSFIRST_TOKEN] =
        "Saisissez un jeton d’API AssessFirst valide dans les réglages.",
    [AFP_WORDS_DO_ASSESSFIRST_PERMISSION] =
        "Demandez à AssessFirst d’autoriser votre jeton à inviter des candidats et à lire leurs "
        "résultats. Une nouvelle vérification aura lieu automatiquement.",
    [AFP_WORDS_DO_SITE_TOKEN] =
        "Prévenez l’exploitant du site\u00a0: le jeton AssessFirst est celui de tout le site.",
    [AFP_WORDS_WEBHOOKS_REFUSED] =
        "<strong>Des webhooks destinés à cette entreprise sont refusés</strong>\u00a0: leur "
        "signature ne correspond pas au secret de signature enregistré ici. Le dernier a été "
        "refusé %a.",
    [AFP_WORDS_DO_SIGNING_SECRET] =
        "Comparez le secret de signature du webhook dans Pinpoint avec celui des réglages\u202f; "
        "en cas de doute, copiez-le à nouveau dans les réglages. Pinpoint renvoie ce qui a été "
        "refusé pendant un jour environ.",
    [AFP_WORDS_WAITING_FOR_REPAIR] =
        "Rien n’est perdu\u00a0: %s invitation attend et sera envoyée dès que la connexion "
        "fonctionnera à nouveau.|Rien n’est perdu\u00a0: %s invitations attendent et seront "
        "envoyées dès que la connexion fonctionnera à nouveau.",
    [AFP_WORDS_NOTHING_LOST] =
        "Rien n’est perdu\u00a0: ce qui arrive entre-temps attend, et sera envoyé dès que la "
        "connexion fonctionnera à nouveau.",
    [AFP_WORDS_WAITING_FOR_RESUME] =
        "En attente\u00a0: %s invitation, qui sera envoyée à la reprise.|En attente\u00a0: %s "
        "invitations, qui seront envoyées à la reprise.",
    [AFP_WORDS_NOTHING_WAITS] = "Aucune invitation n’attend pour l’instant.",
    [AFP_WORDS_BEGIN] =
        "AssessFirst peut inviter vos candidats à leur évaluation au fil de leur parcours dans "
        "Pinpoint, et y écrire leurs résultats. Il y a quatre étapes. Pour commencer, générez un "
        "jeton\u00a0: il donne ici à votre entreprise sa propre adresse, et ouvrira plus tard la "
        "connexion à vos propres programmes.",
    [AFP_WORDS_SETTINGS_MISSING] =
        "La connexion commencera quand les réglages seront complets. Suivez les étapes "
        "ci-dessous\u202f; vous pouvez vous arrêter à tout moment et revenir.",
    [AFP_WORDS_FIRST_EVENT] =
        "Ici, tout est en place, mais aucun webhook avec la bonne signature n’est encore arrivé de "
        "Pinpoint. Donnez au webhook son adresse définitive (étape 4) et envoyez un événement de "
        "test.",
    [AFP_WORDS_LAST_EVENT] = "Dernier événement reçu %a.",
    [AFP_WORDS_INVITED_AT_APPLICATION] =
        "L’invitation part à la candidature (<em lang=\"en\">New application</em>).",
    [AFP_WORDS_INVITED_AT_STAGE] =
        "L’invitation part quand la candidature atteint l’étape <strong>%s</strong> (<em "
        "lang=\"en\">Application stage changed</em>).",
    [AFP_WORDS_PAUSED] =
        "Les webhooks sont reçus et conservés, mais rien n’est envoyé avant la reprise.",
    [AFP_WORDS_DISCONNECTED] =
        "Les webhooks sont refusés et rien n’est envoyé. Supprimez aussi le webhook et la clé "
        "d’API dans Pinpoint. Pour vous reconnecter, générez un jeton.",
    [AFP_WORDS_GENERATE] = "Générer un jeton",
    [AFP_WORDS_GO_API_KEY] = "Remplacer la clé d’API",
    [AFP_WORDS_GO_TOKEN] = "Remplacer le jeton d’API AssessFirst",
    [AFP_WORDS_GO_SIGNING_SECRET] = "Remplacer le secret de signature",
    [AFP_WORDS_GO_SECRETS] = "Saisir à nouveau les secrets",
    [AFP_WORDS_GO_STEP] = "Continuer avec l’étape %s",
    [AFP_WORDS_GO_SETTINGS] = "Aller aux réglages",
    [AFP_WORDS_NOTICE_EVENT] =
        "<strong>À noter\u00a0:</strong> Pinpoint a envoyé l’événement <q>%1$s</q>, qui n’est "
        "pas connu ici comme déclencheur. Si c’est celui que vous avez coché, signalez-le à "
        "l’exploitant du site (directive PinpointEvent). Vu pour la dernière fois %2$a.",
    [AFP_WORDS_NOTICE_OTHER] =
        "<strong>À noter\u00a0:</strong> %1$s Vu pour la dernière fois %2$a.",
    [AFP_WORDS_RELOAD] = "Recharger cette page",

    /* the four steps */
    [AFP_WORDS_STEPS] = "Mise en place en quatre étapes",
    [AFP_WORDS_STEPS_DONE] = "%1$s sur %2$s",
    [AFP_WORDS_STEP_TO_DO] = "À faire",
    [AFP_WORDS_STEP_RECEIVED] = "Reçu %a",
    [AFP_WORDS_STEP_API_KEY] = "Activer l’API de Pinpoint et créer une clé",
    [AFP_WORDS_STEP_API_KEY_WHERE] =
        "Dans Pinpoint, ouvrez <em lang=\"en\">Settings > API & Webhooks</em>, activez <em "
        "lang=\"en\">Pinpoint API</em>, puis appuyez sur <em lang=\"en\">Create new</em> sous "
        "<em lang=\"en\">API Keys</em>. Dans les anciennes versions\u00a0: <em "
        "lang=\"en\">Settings > Integrations > Apps > Pinpoint API</em>.",
    [AFP_WORDS_STEP_API_KEY_TICK] =
        "Nommez la clé AssessFirst et donnez-lui ces autorisations\u00a0:",
    [AFP_WORDS_READ_AND_WRITE] = "lecture, écriture",
    [AFP_WORDS_READ_WRITE_DELETE] = "lecture, écriture, suppression",
    [AFP_WORDS_STEP_API_KEY_COPY] = "Copiez la clé\u00a0: elle ira dans les réglages, étape 3.",
    [AFP_WORDS_STEP_WEBHOOK] = "Créer le webhook et copier son secret de signature",
    [AFP_WORDS_STEP_WEBHOOK_WHERE] =
        "Dans Pinpoint, ouvrez <em lang=\"en\">Settings > API & Webhooks > Webhooks</em> et "
        "créez un webhook, pour l’instant avec cette adresse. Dans les anciennes versions\u00a0: "
        "<em lang=\"en\">Company > Profile > Webhooks</em>.",
    [AFP_WORDS_STEP_WEBHOOK_TICK] =
        "Cochez exactement un événement\u00a0: <em lang=\"en\">New application</em> pour inviter "
        "dès la candidature, ou <em lang=\"en\">Application stage changed</em> pour inviter à "
        "l’arrivée à une étape.",
    [AFP_WORDS_STEP_WEBHOOK_COPY] =
        "Enregistrez et copiez le secret de signature que Pinpoint affiche.",
    [AFP_WORDS_STEP_SETTINGS] = "Remplir les réglages",
    [AFP_WORDS_STEP_SETTINGS_WORDS] =
        "Saisissez la clé, le secret de signature et le jeton d’API AssessFirst dans le "
        "formulaire de cette page. Vous pouvez enregistrer ce que vous avez et finir plus tard.",
    [AFP_WORDS_STEP_URL] = "Donner au webhook son adresse définitive",
    [AFP_WORDS_STEP_URL_LATER] = "L’adresse apparaîtra ici une fois les réglages enregistrés.",
    [AFP_WORDS_STEP_URL_PASTE] =
        "Collez cette adresse dans le webhook de Pinpoint, à la place de celle qui y "
        "figure\u00a0:",
    [AFP_WORDS_STEP_URL_TEST] =
        "Envoyez ensuite un événement de test depuis la page du webhook dans Pinpoint. Cette "
        "étape sera terminée dès qu’il sera arrivé.",
    [AFP_WORDS_STEP_URL_MODEL] =
        "Dès lors, les recruteurs choisissent un modèle prédictif sur chaque offre, et les "
        "invitations partent.",

    /* the settings */
    [AFP_WORDS_SETTINGS] = "Réglages",
    [AFP_WORDS_SETTINGS_FORM] = "Réglages de la connexion",
    [AFP_WORDS_LEGEND_PINPOINT] = "Pinpoint",
    [AFP_WORDS_LEGEND_INVITATIONS] = "Invitations",
    [AFP_WORDS_LEGEND_ASSESSFIRST] = "AssessFirst",
    [AFP_WORDS_LEGEND_PROFILE] = "Ce qui est écrit dans Pinpoint",
    [AFP_WORDS_HINT_PROFILE] =
        "Des champs personnalisés de la candidature, créés dans Pinpoint au premier besoin. Ce "
        "qui n’est pas coché n’est plus écrit\u202f; ce qui l’a été reste.",
    [AFP_WORDS_WRITE_COMMENT] = "Un commentaire quand l’évaluation est terminée",
    [AFP_WORDS_LABEL_SUBDOMAIN] = "Identifiant et sous-domaine Pinpoint",
    [AFP_WORDS_LABEL_API_KEY] = "Clé d’API",
    [AFP_WORDS_LABEL_SIGNING_SECRET] = "Secret de signature du webhook",
    [AFP_WORDS_LABEL_STATUS] = "Statut",
    [AFP_WORDS_LABEL_LOCALE] = "Langue des invitations",
    [AFP_WORDS_LABEL_ASSESSFIRST_TOKEN] = "Jeton d’API AssessFirst",
    [AFP_WORDS_HINT_SUBDOMAIN] =
        "L’adresse de votre Pinpoint, par exemple "
        "https://assess-first-sandbox.pinpointhq.com/admin\u202f; l’hôte ou le sous-domaine seul "
        "suffit.",
    [AFP_WORDS_HINT_API_KEY] = "Voir l’étape 1.",
    [AFP_WORDS_HINT_SIGNING_SECRET] = "Le secret de signature du webhook, voir l’étape 2.",
    [AFP_WORDS_HINT_STATUS] =
        "Laissez vide si vous avez coché <em lang=\"en\">New application</em>. Si vous avez "
        "coché <em lang=\"en\">Application stage changed</em>, saisissez le nom exact de "
        "l’étape, par exemple Phone Screen.",
    [AFP_WORDS_HINT_LOCALE] =
        "Utilisée quand Pinpoint ne dit pas dans quelle langue la candidature a été déposée.",
    [AFP_WORDS_HINT_ASSESSFIRST_TOKEN] = "Le jeton de l’API de votre compte AssessFirst.",
    [AFP_WORDS_STORED] =
        "Laissez le champ vide pour garder cette valeur, ou saisissez-en une nouvelle pour la "
        "remplacer.",
    [AFP_WORDS_KEPT] =
        "Votre saisie est gardée sans être affichée\u00a0: laissez le champ vide pour "
        "l’utiliser, ou saisissez une autre valeur.",
    [AFP_WORDS_ENTER_AGAIN] =
        "Ce que vous avez saisi ici n’est pas réaffiché\u00a0: saisissez-le encore une fois.",
    [AFP_WORDS_UNDERSTOOD_AS] = "Compris comme https://%1$s.%2$s.",
    [AFP_WORDS_UNDERSTOOD_TENANT] = "Compris comme le sous-domaine %s.",
    [AFP_WORDS_NOW_NEW_APPLICATION] = "Actuellement\u00a0: <em lang=\"en\">New application</em>.",
    [AFP_WORDS_NOW_STAGE] = "Actuellement\u00a0: <em lang=\"en\">Application stage changed</em>, "
                            "étape «\u00a0%s\u00a0».",
    [AFP_WORDS_KEEP_FORMER] =
        "En cas de remplacement, continuer d’accepter l’ancien secret jusqu’à ce que vous le "
        "supprimiez",
    [AFP_WORDS_SAVE] = "Enregistrer",
    [AFP_WORDS_SAVE_DRAFT] = "Enregistrer et finir plus tard",
    [AFP_WORDS_LOCALE_DE] = "allemand",
    [AFP_WORDS_LOCALE_EN] = "anglais",
    [AFP_WORDS_LOCALE_ES] = "espagnol",
    [AFP_WORDS_LOCALE_FR] = "français",
    [AFP_WORDS_LOCALE_PT] = "portugais (Portugal)",
    [AFP_WORDS_LOCALE_PT_BR] = "portugais (Brésil)",

    /* the connection */
    [AFP_WORDS_CONNECTION] = "En bref",
    [AFP_WORDS_LAST_RECEIVED] = "Dernier webhook reçu",
    [AFP_WORDS_NONE_RECEIVED] = "Aucun pour l’instant",
    [AFP_WORDS_NONE_FITTING] = "Aucun avec la bonne signature pour l’instant",
    [AFP_WORDS_RECEIVED] = "%a",
    [AFP_WORDS_CHECK_REFUSED] =
        "Refusé\u00a0: %1$r (depuis le %2$t). Une nouvelle vérification aura lieu "
        "automatiquement.",
    [AFP_WORDS_CHECK_PAUSED] = "Pas de vérification pendant la pause",
    [AFP_WORDS_CHECK_FAILS] =
        "Ne fonctionne pas\u00a0: %r. Une nouvelle vérification aura lieu automatiquement.",
    [AFP_WORDS_CHECK_FAILED] = "Ne fonctionne pas\u00a0: %1$r (%2$t)",
    [AFP_WORDS_CHECK_RUNS] = "Vérification…",
    [AFP_WORDS_CHECK_WORKS] = "Fonctionne (vérifié le %t)",
    [AFP_WORDS_CHECK_NONE] = "Pas encore vérifié",
    [AFP_WORDS_COUNT_WAITING] = "En attente",
    [AFP_WORDS_COUNT_HELD] = "Retenus",
    [AFP_WORDS_COUNT_UNCERTAIN] = "Incertains",
    [AFP_WORDS_COUNT_FAILED] = "En échec",
    [AFP_WORDS_OR_MORE] = "au moins %s",
    [AFP_WORDS_CHECK_NOW] = "Tester la connexion",
    [AFP_WORDS_PAUSE] = "Mettre en pause",
    [AFP_WORDS_RESUME] = "Reprendre",
    [AFP_WORDS_MODELS] = "Modèles prédictifs",
    [AFP_WORDS_MODELS_WORDS] =
        "Sur chaque offre dans Pinpoint, les recruteurs choisissent un modèle dans le champ "
        "<em>%s</em>. Ses options suivent vos modèles chez AssessFirst.",
    [AFP_WORDS_SYNCHRONISED] = "Dernière synchronisation",
    [AFP_WORDS_NOT_YET] = "Pas encore",
    [AFP_WORDS_MODELS_FOUND] = "Modèles chez AssessFirst",
    [AFP_WORDS_OPTIONS_REFUSED] =
        "Les champs personnalisés de Pinpoint ne sont pas comme ils devraient l’être\u00a0:",
    [AFP_WORDS_REASON] = "%r",
    [AFP_WORDS_OPTIONS_STAY] = "Une nouvelle tentative aura lieu automatiquement.",
    [AFP_WORDS_SYNCHRONISE] = "Synchroniser maintenant",
    [AFP_WORDS_RESULTS] = "Résultats",
    [AFP_WORDS_RESULTS_WORDS] =
        "Les résultats sont lus régulièrement chez AssessFirst, plus souvent tant qu’une "
        "invitation est récente, puis écrits dans les candidatures de Pinpoint.",
    [AFP_WORDS_COUNT_OPEN] = "Évaluations en cours",
    [AFP_WORDS_COUNT_COMPLETED] = "Terminées",
    [AFP_WORDS_REFRESH] = "Lire les résultats",
    [AFP_WORDS_REFRESH_ALL] = "Tout actualiser maintenant",
    [AFP_WORDS_RESULTS_ADDRESS] = "Adresse des résultats",
    [AFP_WORDS_RESULTS_ADDRESS_WORDS] =
        "Si AssessFirst peut appeler une adresse quand un questionnaire est terminé, donnez-lui "
        "celle-ci\u202f; les résultats arrivent alors aussitôt. Gardez-la comme un mot de passe.",

    /* activity */
    [AFP_WORDS_ACTIVITY] = "Activité récente",
    [AFP_WORDS_ACTIVITY_EMPTY] =
        "Rien pour l’instant. Les webhooks de Pinpoint apparaîtront ici, avec ce qu’ils sont "
        "devenus.",
    [AFP_WORDS_ACTIVITY_CAPTION] = "Les derniers webhooks et invitations, les plus récents d’abord",
    [AFP_WORDS_ALL_ACTIVITY] = "Toute l’activité",
    [AFP_WORDS_COLUMN_TIME] = "Date",
    [AFP_WORDS_COLUMN_APPLICATION] = "Candidature",
    [AFP_WORDS_COLUMN_RESULT] = "Résultat",
    [AFP_WORDS_COLUMN_WHY] = "Pourquoi",
    [AFP_WORDS_COLUMN_ACTION] = "Action",
    [AFP_WORDS_MOMENT] = "%t",
    [AFP_WORDS_NO_APPLICATION] = "aucune",
    [AFP_WORDS_RESULT_WAITING] = "En attente",
    [AFP_WORDS_RESULT_RUNNING] = "En cours",
    [AFP_WORDS_RESULT_HELD] = "Retenue",
    [AFP_WORDS_RESULT_IGNORED] = "Ignorée",
    [AFP_WORDS_RESULT_INVITED] = "Invitation envoyée",
    [AFP_WORDS_RESULT_SKIPPED] = "Non invitée",
    [AFP_WORDS_RESULT_UNCERTAIN] = "Incertaine",
    [AFP_WORDS_RESULT_FAILED] = "En échec",
    [AFP_WORDS_RESULT_REPEATED] = "Relancée",
    [AFP_WORDS_RESULT_DONE] = "Terminée",
    [AFP_WORDS_RESULT_AGAIN] = "Tentative",
    [AFP_WORDS_RESULT_RECEIVED] = "Reçu",
    [AFP_WORDS_TRIED] = "(%s tentative)|(%s tentatives)",
    [AFP_WORDS_NEXT_TRY] = "Prochaine tentative le %t.",
    [AFP_WORDS_HELD_PAUSED] = "Reprise à la fin de la pause",
    [AFP_WORDS_HELD_PARKED] = "Reprise automatique dès que la connexion fonctionnera",
    [AFP_WORDS_HELD_RELEASED] = "Reprise automatique dans un instant",
    [AFP_WORDS_NOW] = "maintenant",
    [AFP_WORDS_ACTION_APPLICATION] = "%1$s\u00a0: candidature %2$s",
    [AFP_WORDS_SEND_AGAIN] = "Renvoyer",
    [AFP_WORDS_INVITE_ANYWAY] = "Inviter quand même",
    [AFP_WORDS_TRY_AGAIN] = "Relancer",
    [AFP_WORDS_DECIDE_AGAIN] = "Réexaminer",
    [AFP_WORDS_ABOUT_WEBHOOK] = "Webhook",
    [AFP_WORDS_ABOUT_INVITATION] = "Invitation",
    [AFP_WORDS_ABOUT_WRITE_BACK] = "Résultats vers Pinpoint",
    [AFP_WORDS_ABOUT_RESULTS] = "Lecture des résultats",
    [AFP_WORDS_ABOUT_FIELDS] = "Champs personnalisés",

    [AFP_WORDS_NUMBERS] = "En chiffres",
    [AFP_WORDS_SENT_TODAY] = "Envoyées aujourd’hui",
    [AFP_WORDS_OLDEST_WAITING] = "Plus ancienne attente",
    [AFP_WORDS_NOTHING_WAITING] = "Rien n’attend",
    [AFP_WORDS_NEXT_RETRY] = "Prochaine tentative",
    [AFP_WORDS_NO_RETRY] = "Aucune n’est prévue",
    [AFP_WORDS_CHART] = "Invitations des 14 derniers jours",
    [AFP_WORDS_CHART_EMPTY] = "Aucune ces jours-ci.",
    [AFP_WORDS_CHART_WRONG] = "En échec ou incertaines",
    [AFP_WORDS_CHART_TABLE] = "Les mêmes sous forme de tableau",
    [AFP_WORDS_CHART_CAPTION] = "Invitations par jour (UTC) et par résultat",
    [AFP_WORDS_COLUMN_DAY] = "Jour",
    [AFP_WORDS_DAY_AND_MONTH] = "%1$s %2$s",
    [AFP_WORDS_FIND] = "Rechercher",
    [AFP_WORDS_FILTER_STATE] = "État",
    [AFP_WORDS_FILTER_ALL] = "Tous",
    [AFP_WORDS_FILTER_APPLICATION] = "Candidature",
    [AFP_WORDS_FILTER_APPLICATION_HINT] =
        "Son numéro, ou son adresse dans Pinpoint. Répond à la question\u00a0: pourquoi "
        "l’invitation n’est-elle pas partie\u202f?",
    [AFP_WORDS_FILTER_WRONG] =
        "Saisissez le numéro d’une candidature, par exemple 4711, ou son adresse dans Pinpoint.",
    [AFP_WORDS_FILTER_SHOW] = "Afficher",
    [AFP_WORDS_FILTER_EVERYTHING] = "Tout afficher",
    [AFP_WORDS_LIST] = "Ce qui s’est passé",
    [AFP_WORDS_LIST_CAPTION] = "Webhooks, invitations et résultats, les plus récents d’abord",
    [AFP_WORDS_LIST_EMPTY] = "Rien de tel ne s’est passé, d’après ce qui est conservé ici.",
    [AFP_WORDS_PAGES_OF_LIST] = "Pages de la liste",
    [AFP_WORDS_NEWEST] = "Les plus récentes",
    [AFP_WORDS_NEWER] = "Plus récentes",
    [AFP_WORDS_OLDER] = "Plus anciennes",
    [AFP_WORDS_TRY_ALL_HINT] = "Une fois la cause disparue, tout cela peut être relancé ensemble.",
    [AFP_WORDS_TRY_ALL] = "Tout relancer",
    [AFP_WORDS_DECIDE_ALL_HINT] =
        "Après un changement de réglages, tout cela peut être réexaminé d’après les réglages "
        "actuels.",
    [AFP_WORDS_DECIDE_ALL] = "Tout réexaminer",

    [AFP_WORDS_ANSWER_ERASED] =
        "Les données de cette candidature ont été effacées ici. Les webhooks à son sujet sont "
        "acceptés, rien n’en est conservé, et plus aucune invitation ne part.",
    [AFP_WORDS_ANSWER_UNKNOWN] = "Rien n’est connu de cette candidature",
    [AFP_WORDS_ANSWER_UNKNOWN_WORDS] =
        "Aucun webhook la concernant n’est arrivé, d’après ce qui est conservé ici. Peut-être le "
        "numéro est-il autre, ou la candidature date-t-elle d’avant la connexion, ou n’a-t-elle "
        "pas atteint l’étape réglée. Vérifiez dans Pinpoint si le webhook a été envoyé.",
    [AFP_WORDS_ANSWER_INVITED] = "Invitation envoyée",
    [AFP_WORDS_ANSWER_INVITED_WORDS] = "L’invitation est partie le %t.",
    [AFP_WORDS_ANSWER_OPEN] = "Pas encore d’invitation",
    [AFP_WORDS_ANSWER_OPEN_WORDS] =
        "Elle attend d’être traitée\u202f; la prochaine tentative est prévue le %t.",
    [AFP_WORDS_ANSWER_RUNNING_WORDS] = "Elle est en cours de traitement.",
    [AFP_WORDS_ANSWER_HELD_WORDS] =
        "Elle est retenue, et reprendra d’elle-même ensuite. Rien n’est perdu.",
    [AFP_WORDS_ANSWER_UNCERTAIN] = "Peut-être envoyée",
    [AFP_WORDS_ANSWER_UNCERTAIN_WORDS] =
        "Le %t, AssessFirst n’a pas dit si l’invitation était partie, et n’a pas pu le dire "
        "ensuite non plus.",
    [AFP_WORDS_ANSWER_NOT_INVITED] = "Non invitée",
    [AFP_WORDS_ANSWER_SKIPPED_WORDS] =
        "Le %t, la candidature a été examinée, et il y avait une raison de ne pas inviter\u00a0:",
    [AFP_WORDS_ANSWER_DEAD_WORDS] =
        "L’invitation a échoué le %t, et n’est pas relancée automatiquement\u00a0:",
    [AFP_WORDS_ANSWER_IGNORED_WORDS] =
        "Ce que Pinpoint a envoyé le %t n’était pas votre déclencheur\u00a0:",
    [AFP_WORDS_BACK_TO_LIST] = "Retour à la liste",
    [AFP_WORDS_ASSESSMENT] = "Évaluation",
    [AFP_WORDS_INVITED_ON] = "Invitation",
    [AFP_WORDS_MODEL] = "Modèle prédictif",
    [AFP_WORDS_NO_MODEL] = "Aucun",
    [AFP_WORDS_PROGRESS] = "Avancement",
    [AFP_WORDS_PROGRESS_INVITED] = "Pas commencée",
    [AFP_WORDS_PROGRESS_STARTED] = "Commencée",
    [AFP_WORDS_PROGRESS_COMPLETED] = "Terminée",
    [AFP_WORDS_PROGRESS_DECLINED] = "Déclinée",
    [AFP_WORDS_PROGRESS_EXPIRED] = "Expirée",
    [AFP_WORDS_LAST_READ] = "Dernière lecture",
    [AFP_WORDS_TIMELINE] = "Ce qui s’est passé, dans l’ordre du temps",
    [AFP_WORDS_TIMELINE_CAPTION] = "Webhooks, tentatives et résultats, les plus anciens d’abord",
    [AFP_WORDS_TIMELINE_CUT] = "Seuls les plus récents sont affichés.",
    [AFP_WORDS_COLUMN_ABOUT] = "Objet",
    [AFP_WORDS_EVENT] = "Événement <q>%s</q>.",
    [AFP_WORDS_ATTEMPT] = "Tentative %s\u00a0:",

    /* API token, end of the connection, confirmations */
    [AFP_WORDS_API_TOKEN] = "Jeton d’API",
    [AFP_WORDS_API_TOKEN_WORDS] =
        "Ce jeton ouvre l’API de cette connexion à vos propres programmes. Il a été affiché lors "
        "de sa génération et ne peut plus l’être. L’identifiant de l’entreprise "
        "(<code>company_uuid</code>) est <code>%s</code>.",
    [AFP_WORDS_API_ADDRESS] =
        "L’adresse de l’API est <code>%1$s</code>. Sa description, au format OpenAPI, s’y trouve "
        "sous le nom <code>%2$s</code>.",
    [AFP_WORDS_GENERATE_NEW] = "Générer un nouveau jeton",
    [AFP_WORDS_DISCONNECT] = "Déconnecter",
    [AFP_WORDS_END] = "Mettre en pause ou déconnecter",
    [AFP_WORDS_PAUSE_WORDS] =
        "<strong>Pause</strong>\u00a0: les webhooks sont reçus et conservés, rien n’est envoyé "
        "avant la reprise.",
    [AFP_WORDS_DISCONNECT_WORDS] =
        "<strong>Déconnexion</strong>\u00a0: les webhooks de Pinpoint sont refusés, la clé d’API "
        "et tous les secrets sont effacés ici.",
    [AFP_WORDS_ASK_GENERATE] =
        "Le jeton que vous avez cessera aussitôt de fonctionner\u00a0: donnez le nouveau aux "
        "programmes qui l’utilisent. La connexion à Pinpoint n’est pas touchée.",
    [AFP_WORDS_ASK_GENERATE_FIRST] =
        "Il n’y a pas de jeton d’API pour le moment\u00a0: donnez le nouveau aux programmes qui "
        "doivent utiliser cette connexion. La connexion à Pinpoint n’est pas touchée.",
    [AFP_WORDS_ASK_PAUSE] =
        "Les webhooks de Pinpoint seront reçus et conservés, mais aucune invitation ne part et "
        "aucun résultat n’est écrit avant la reprise.",
    [AFP_WORDS_ASK_RESUME] =
        "Ce qui a attendu sera traité aussitôt, et les invitations reprendront.",
    [AFP_WORDS_ASK_DISCONNECT] =
        "Les webhooks de Pinpoint seront refusés, et ce qui attend encore ne sera pas envoyé. La "
        "clé d’API, le secret de signature et le jeton d’API AssessFirst enregistrés ici seront "
        "effacés. Pour vous reconnecter, vous les saisirez à nouveau.",
    [AFP_WORDS_DATA_STAYS] =
        "Ce qui est conservé ici sur les personnes candidates reste\u00a0: identifiants, états et "
        "scores, aucun nom. Les invitations sont conservées aussi longtemps que cette connexion "
        "est connue ici, pour que personne ne soit invité deux fois si vous vous "
        "reconnectez\u202f; "
        "les traitements terminés et les webhooks ignorés pendant %1$s, les empreintes des "
        "webhooks pendant %2$s. Vous pouvez effacer les données d’une personne avant la "
        "déconnexion, et après.",
    [AFP_WORDS_DAYS] = "%s jour|%s jours",
    [AFP_WORDS_ALSO_DELETE] =
        "Supprimer aussi les champs personnalisés que cette intégration a créés dans Pinpoint, "
        "avec tout leur contenu\u00a0: %s",
    [AFP_WORDS_FIELD_ON_JOBS] = "%s (sur les offres)",
    [AFP_WORDS_ASK_SEND_AGAIN] =
        "La personne de la candidature %s recevra une nouvelle invitation par e-mail, même si la "
        "première est arrivée, et quelle que soit maintenant l’étape de la candidature.",
    [AFP_WORDS_TRY_COUNTED] = "Relancer %s élément en échec|Relancer %s éléments en échec",
    [AFP_WORDS_ASK_TRY_ALL] =
        "Chacun est traité comme s’il venait d’arriver. Une invitation part au plus une fois, "
        "quel que soit le nombre de tentatives.",
    [AFP_WORDS_DECIDE_COUNTED] = "Réexaminer %s webhook ignoré|Réexaminer %s webhooks ignorés",
    [AFP_WORDS_ASK_DECIDE_ALL] =
        "Ceux qui sont votre déclencheur d’après les réglages actuels sont traités comme s’ils "
        "venaient d’arriver, et l’invitation part si rien d’autre ne s’y oppose. Le plus ancien "
        "est arrivé le %t.",
    [AFP_WORDS_NO_BACK] = "Non, retour à la page",

    /* checks, secrets, changes, erasing */
    [AFP_WORDS_TITLE_CHANGES] = "Modifications\u00a0: AssessFirst pour Pinpoint",
    [AFP_WORDS_SECRET_SET] =
        "<strong>Enregistré\u00a0:</strong> empreinte <code>%1$s</code>, défini le %2$t par %3$s.",
    [AFP_WORDS_SECRET_STORED] = "<strong>Enregistré\u00a0:</strong> empreinte <code>%s</code>.",
    [AFP_WORDS_FINGERPRINT] = "empreinte %s",
    [AFP_WORDS_SECRET_USED] = "Dernière utilisation %a.",
    [AFP_WORDS_SECRET_NOT_USED] = "Pas encore utilisé.",
    [AFP_WORDS_FORMER_SECRET] = "Ancien secret de signature du webhook",
    [AFP_WORDS_FORMER_THERE] =
        "Un ancien secret est accepté aussi. Si vous remplacez le secret actuel en le "
        "conservant, cet ancien secret est oublié.",
    [AFP_WORDS_FORMER_WORDS] =
        "Les webhooks sont acceptés avec ce secret comme avec l’actuel. Pinpoint relance un "
        "webhook pendant 24 heures avec le secret d’alors\u00a0: lorsque celui-ci n’est plus "
        "utilisé, supprimez-le.",
    [AFP_WORDS_REMOVE_FORMER] = "Supprimer l’ancien secret",
    [AFP_WORDS_ASK_REMOVE_USED] =
        "Les webhooks signés avec l’ancien secret seront refusés. Sa dernière utilisation\u00a0: "
        "%a.",
    [AFP_WORDS_ASK_REMOVE_UNUSED] =
        "Les webhooks signés avec l’ancien secret seront refusés. Depuis que c’est enregistré, "
        "il n’a pas été utilisé.",
    [AFP_WORDS_NO_API_TOKEN] = "Il n’y a pas de jeton\u00a0: il a été révoqué.",
    [AFP_WORDS_REVOKE] = "Révoquer le jeton",
    [AFP_WORDS_ASK_REVOKE] =
        "Les programmes qui utilisent le jeton sont refusés immédiatement, jusqu’à ce que vous "
        "en génériez un autre et le leur donniez. La connexion à Pinpoint n’est pas touchée.",
    [AFP_WORDS_PERMISSIONS] = "Ce que la clé d’API permet",
    [AFP_WORDS_PERMISSIONS_MISSING] = "Dans Pinpoint, ouvrez <em lang=\"en\">Settings > API & "
                                      "Webhooks > API Keys</em>, cochez pour cette "
                                      "clé ce qui manque, puis testez de nouveau la connexion.",
    [AFP_WORDS_PERMISSIONS_GIVEN] = "Tout ce qui est nécessaire.",
    [AFP_WORDS_PERMISSIONS_EACH] = "Autorisation par autorisation",
    [AFP_WORDS_PERMISSIONS_TRIED] = "Essai effectué %a, sans rien laisser dans Pinpoint",
    [AFP_WORDS_COLUMN_PERMISSION] = "Autorisation dans Pinpoint",
    [AFP_WORDS_COLUMN_USE] = "À quoi elle sert",
    [AFP_WORDS_COLUMN_GRANT] = "Résultat",
    [AFP_WORDS_GRANT_GIVEN] = "Accordée",
    [AFP_WORDS_GRANT_MISSING] = "Manquante",
    [AFP_WORDS_GRANT_NOT_NEEDED] = "Non requise",
    [AFP_WORDS_GRANT_UNKNOWN] = "N’a pas pu être essayée",
    [AFP_WORDS_USE_JOB_READ] = "Connaître l’offre concernée par une candidature, et les étapes",
    [AFP_WORDS_USE_APPLICATION_READ] = "Savoir qui inviter, et à quelle étape",
    [AFP_WORDS_USE_FIELD_READ] = "Trouver les champs utilisés",
    [AFP_WORDS_USE_ATTRIBUTES_READ] = "Connaître le modèle prédictif choisi sur une offre",
    [AFP_WORDS_USE_COMMENT_READ] = "Ne pas écrire deux fois un commentaire",
    [AFP_WORDS_USE_ATTRIBUTES_WRITE] = "Écrire les scores et le lien sur le profil",
    [AFP_WORDS_USE_COMMENT_WRITE] = "Écrire un commentaire quand l’évaluation est terminée",
    [AFP_WORDS_USE_FIELD_WRITE] = "Créer les champs, et proposer les modèles prédictifs",
    [AFP_WORDS_USE_FIELD_DELETE] = "Supprimer les champs à la déconnexion, si vous le souhaitez",
    [AFP_WORDS_STAGE_UNKNOWN] =
        "<strong>À noter\u00a0:</strong> aucune étape de vos dernières offres dans Pinpoint ne "
        "s’appelle <q>%1$s</q>, donc personne n’y est invité (vérifié %2$a). Comparez avec le nom "
        "de l’étape dans Pinpoint.",
    [AFP_WORDS_STAGE_NEAREST] = "<strong>À noter\u00a0:</strong> aucune étape de vos dernières "
                                "offres dans Pinpoint ne s’appelle <q>%1$s</q>, donc personne n’y "
                                "est invité. Vouliez-vous dire <q>%2$s</q>\u202f? (Vérifié %3$a.)",
    [AFP_WORDS_TICK_STAGE_CHANGED] =
        "<strong>À noter\u00a0:</strong> Pinpoint n’envoie que <em lang=\"en\">New "
        "application</em>, alors "
        "que l’invitation doit partir à l’étape <q>%1$s</q>. Dans Pinpoint, modifiez le webhook "
        "et cochez plutôt <em lang=\"en\">Application stage changed</em>. Vu pour la dernière fois "
        "%2$a.",
    [AFP_WORDS_TICK_NEW_APPLICATION] =
        "<strong>À noter\u00a0:</strong> Pinpoint n’envoie que <em lang=\"en\">Application stage "
        "changed</em>, alors que l’invitation doit partir dès la candidature. Dans Pinpoint, "
        "modifiez le webhook et cochez plutôt <em lang=\"en\">New application</em>, ou saisissez "
        "le nom "
        "d’une étape comme statut. Vu pour la dernière fois %a.",
    [AFP_WORDS_CHANGES] = "Modifications",
    [AFP_WORDS_CHANGES_HEADING] = "Qui a modifié quoi",
    [AFP_WORDS_CHANGES_WORDS] =
        "Chaque modification de cette connexion, conservée pendant deux ans. Des secrets, seul "
        "le fait qu’ils ont été modifiés est enregistré.",
    [AFP_WORDS_CHANGES_EMPTY] = "Rien n’a encore été modifié.",
    [AFP_WORDS_CHANGES_CAPTION] = "Modifications, de la plus récente à la plus ancienne",
    [AFP_WORDS_COLUMN_WHO] = "Qui",
    [AFP_WORDS_COLUMN_CHANGE] = "Quoi",
    [AFP_WORDS_NEWEST_CHANGES] = "Dernières modifications",
    [AFP_WORDS_OLDER_CHANGES] = "Modifications plus anciennes",
    [AFP_WORDS_DEED_CHANGED] = "%1$s\u00a0: de %2$s à %3$s",
    [AFP_WORDS_DEED_SET] = "%s\u00a0: valeur définie",
    [AFP_WORDS_DEED_REPLACED] = "%s\u00a0: valeur remplacée",
    [AFP_WORDS_DEED_REMOVED] = "%s\u00a0: valeur supprimée",
    [AFP_WORDS_DEED_CONNECTED] = "Connecté",
    [AFP_WORDS_DEED_PAUSED] = "Mis en pause",
    [AFP_WORDS_DEED_RESUMED] = "Repris",
    [AFP_WORDS_DEED_DISCONNECTED] = "Déconnecté",
    [AFP_WORDS_DEED_DISCONNECTED_FIELDS] =
        "Déconnecté, avec suppression demandée des champs personnalisés dans Pinpoint",
    [AFP_WORDS_DEED_TOKEN] = "Jeton d’API généré",
    [AFP_WORDS_DEED_TOKEN_REVOKED] = "Jeton d’API révoqué",
    [AFP_WORDS_DEED_TESTED] = "Connexion testée",
    [AFP_WORDS_DEED_RETRIED] = "%s élément relancé|%s éléments relancés",
    [AFP_WORDS_DEED_DECIDED] = "%s webhook ignoré réexaminé|%s webhooks ignorés réexaminés",
    [AFP_WORDS_DEED_KEPT_AWAY] = "Une candidature dont rien n’était conservé est désormais écartée",
    [AFP_WORDS_DEED_ERASED] =
        "Données d’une personne candidate effacées (%s candidature)|Données d’une personne "
        "candidate effacées (%s candidatures)",
    [AFP_WORDS_DEED_INVITED_ANYWAY] = "Une personne candidate invitée malgré tout",
    [AFP_WORDS_DEED_SENT_AGAIN] = "Une invitation renvoyée",
    [AFP_WORDS_WHO_API_TOKEN] = "jeton d’API %s",
    [AFP_WORDS_ERASE] = "Effacer les données d’une personne candidate",
    [AFP_WORDS_ERASE_WORDS] =
        "Tout ce qui est conservé ici sur les candidatures de la personne disparaît\u00a0: "
        "webhooks, invitations, résultats et notes sur le profil. Rien ne change dans Pinpoint "
        "ni chez AssessFirst. Un webhook ultérieur ne ramène rien, et plus aucune invitation ne "
        "part pour ces candidatures.",
    [AFP_WORDS_LABEL_ERASE_APPLICATION] = "Identifiant de la candidature dans Pinpoint",
    [AFP_WORDS_LABEL_ERASE_CANDIDATE] = "ou identifiant de la personne chez AssessFirst",
    [AFP_WORDS_ERASE_BUTTON] = "Effacer",
    [AFP_WORDS_NOTHING_ERASED] = "Rien n’a été effacé",
    [AFP_WORDS_ERASURES_LOST] =
        "Il n’est plus possible de savoir ici quelles données ont été effacées, car la clé de "
        "chiffrement du site a changé. Aucune invitation n’est envoyée et rien n’est effacé tant "
        "que l’exploitant du site n’a pas remis l’ancienne clé dans sa liste.",
    [AFP_WORDS_CORRECT_ERASE] = "Veuillez corriger ce qui est indiqué ci-dessous.",
    [AFP_WORDS_FAULT_ERASE_ONE] = "Saisissez l’un des deux identifiants.",
    [AFP_WORDS_FAULT_ERASE_APPLICATION] =
        "L’identifiant d’une candidature ne comporte que des chiffres\u00a0: relevez-le dans "
        "l’adresse chez Pinpoint.",
    [AFP_WORDS_FAULT_ERASE_CANDIDATE] = "Ce ne peut pas être un identifiant AssessFirst.",
    [AFP_WORDS_ASK_ERASE] =
        "Ceci efface ce qui est conservé ici de la candidature %s. C’est irréversible.",
    [AFP_WORDS_ASK_ERASE_NOTHING] =
        "Rien n’est conservé ici de la candidature %s\u00a0: le numéro est-il exact\u202f? Si vous "
        "continuez, un webhook ultérieur de celle-ci sera écarté, et plus aucune invitation ne "
        "partira pour elle. C’est irréversible.",
    [AFP_WORDS_AND_MORE] = "%s et d’autres",
    [AFP_WORDS_LABEL_TYPED] = "Saisissez %s pour confirmer",
    [AFP_WORDS_FAULT_TYPED] = "Saisissez exactement ce qui est demandé.",

    /* time */
    [AFP_WORDS_NEVER] = "jamais",
    [AFP_WORDS_FIRST_OF_MONTH] = "%ser",
    [AFP_WORDS_DATE_AND_TIME] = "%1$s %2$s %3$s à %4$s UTC",
    [AFP_WORDS_ON_DATE] = "le %s",
    [AFP_WORDS_SECONDS_AGO] = "il y a %s\u00a0s|il y a %s\u00a0s",
    [AFP_WORDS_MINUTES_AGO] = "il y a %s\u00a0min|il y a %s\u00a0min",
    [AFP_WORDS_HOURS_AGO] = "il y a %s\u00a0h|il y a %s\u00a0h",
    [AFP_WORDS_JANUARY] = "janv.",
    [AFP_WORDS_FEBRUARY] = "févr.",
    [AFP_WORDS_MARCH] = "mars",
    [AFP_WORDS_APRIL] = "avr.",
    [AFP_WORDS_MAY] = "mai",
    [AFP_WORDS_JUNE] = "juin",
    [AFP_WORDS_JULY] = "juil.",
    [AFP_WORDS_AUGUST] = "août",
    [AFP_WORDS_SEPTEMBER] = "sept.",
    [AFP_WORDS_OCTOBER] = "oct.",
    [AFP_WORDS_NOVEMBER] = "nov.",
    [AFP_WORDS_DECEMBER] = "déc.",

    /* deliveries that invite nobody: core/settings.c */
    [AFP_WORDS_REASON_STATUS_SET] =
        "une nouvelle candidature n’invite personne ici, car le statut est «\u00a0%s\u00a0»",
    [AFP_WORDS_REASON_STATUS_EMPTY] =
        "un changement d’étape n’invite personne ici, car le statut est vide",
    [AFP_WORDS_REASON_EVENT_UNKNOWN] =
        "l’événement «\u00a0%s\u00a0» n’est pas connu\u00a0: c’est peut-être le déclencheur sous "
        "un autre nom",
    [AFP_WORDS_REASON_EVENT_NEVER] = "l’événement «\u00a0%s\u00a0» n’invite jamais personne",
    [AFP_WORDS_REASON_EVENT_ALONE] = "l’événement ne nomme aucune candidature",

    /* applications that invite nobody: core/application.c */
    [AFP_WORDS_REASON_STAGE_UNTOLD] =
        "Pinpoint n’a pas dit à quelle étape en est la candidature\u202f; le statut demande "
        "«\u00a0%s\u00a0»",
    [AFP_WORDS_REASON_STAGE_CASE] =
        "la candidature est à l’étape «\u00a0%1$s\u00a0», le statut demande "
        "«\u00a0%2$s\u00a0»\u00a0: seules les majuscules diffèrent",
    [AFP_WORDS_REASON_STAGE_OTHER] =
        "la candidature est à l’étape «\u00a0%1$s\u00a0», le statut demande «\u00a0%2$s\u00a0»",
    [AFP_WORDS_REASON_REJECTED] = "la candidature est rejetée",
    [AFP_WORDS_REASON_HIRED] = "la personne est déjà recrutée",
    [AFP_WORDS_REASON_DEMO] = "la candidature fait partie des données de démonstration de Pinpoint",
    [AFP_WORDS_REASON_CONCEALED] =
        "Pinpoint masque l’identité de la personne (présélection anonyme)",
    [AFP_WORDS_REASON_NO_EMAIL] = "la candidature n’a pas d’adresse e-mail utilisable",

    /* invitations: work/invite.c */
    [AFP_WORDS_REASON_TEST_EVENT] =
        "Pinpoint ne connaît pas la candidature %s (un événement de test\u202f?)",
    [AFP_WORDS_REASON_UNKNOWN] = "Pinpoint ne connaît pas la candidature %s",
    [AFP_WORDS_REASON_UNKNOWN_YET] = "Pinpoint ne connaît pas encore la candidature %s",
    [AFP_WORDS_REASON_JOB_UNTOLD] = "Pinpoint n’a pas dit de quelle offre relève la candidature",
    [AFP_WORDS_REASON_NOTHING_SELECTED] =
        "Rien n’est choisi dans «\u00a0%1$s\u00a0» sur l’offre %2$s\u00a0: personne n’est invité",
    [AFP_WORDS_REASON_MODEL_GONE] =
        "AssessFirst n’a pas de modèle prédictif nommé «\u00a0%1$s\u00a0», pourtant choisi sur "
        "l’offre %2$s",
    [AFP_WORDS_REASON_INVITED] = "Invitation envoyée avec le modèle %s",
    [AFP_WORDS_REASON_INVITED_NO_MODEL] = "Invitation envoyée sans modèle prédictif",
    [AFP_WORDS_REASON_INVITED_UNANSWERED] =
        "Invitation envoyée\u00a0: AssessFirst l’affiche, bien que sa réponse se soit perdue",
    [AFP_WORDS_REASON_ALREADY] = "Invitation déjà envoyée",
    [AFP_WORDS_REASON_ALREADY_MODEL] = "Invitation déjà envoyée avec le modèle %s",
    [AFP_WORDS_REASON_ALREADY_NO_MODEL] = "Invitation déjà envoyée sans modèle prédictif",
    [AFP_WORDS_REASON_MAYBE_SENT] =
        "On ne sait pas si AssessFirst a envoyé l’invitation\u202f; la personne y sera recherchée",
    [AFP_WORDS_REASON_MAYBE_SENT_AFTER] =
        "On ne sait pas si AssessFirst a envoyé l’invitation\u202f; la personne y sera "
        "recherchée. %r",
    [AFP_WORDS_REASON_UNCERTAIN] =
        "On ne sait pas si l’invitation est partie\u00a0: %r. Demandez à AssessFirst ou à la "
        "personne, puis utilisez «\u00a0Renvoyer\u00a0» si nécessaire",
    [AFP_WORDS_REASON_SENT_TWICE] =
        "elle a été envoyée deux fois et AssessFirst ne connaît pas la personne",
    [AFP_WORDS_REASON_NOT_REPEATED] =
        "AssessFirst ne connaît pas la personne, et l’invitation n’a pas été répétée\u00a0: %r",
    [AFP_WORDS_REASON_NO_EMAIL_NOW] = "la candidature n’a plus d’adresse e-mail utilisable",
    [AFP_WORDS_REASON_NOT_LOOKED_UP] = "la personne n’a pas pu être recherchée (%r)",
    [AFP_WORDS_REASON_NOT_SHOWN] =
        "AssessFirst connaît la personne, mais son dossier ne montre pas cette invitation",

    /* any follow-up: work/job.c and the like */
    [AFP_WORDS_REASON_NO_DATABASE] = "La base de données n’a pas répondu",
    [AFP_WORDS_REASON_NO_TOKEN] = "Aucun jeton d’API AssessFirst n’est enregistré",
    [AFP_WORDS_REASON_GIVEN_UP] = "Abandon après %1$s tentatives. %2$r",
    [AFP_WORDS_REASON_KIND_UNKNOWN] =
        "Le module de cette machine ne connaît pas ce type de travail",
    [AFP_WORDS_REASON_ERASURES_LOST] =
        "Il n’est plus possible de savoir si les données de cette personne ont été effacées",
    [AFP_WORDS_REASON_RESULTS_UNREADABLE] =
        "L’invitation est partie, mais les résultats ne peuvent pas être lus. %r",

    /* readings and write-backs: work/read_results.c, work/write_back.c, core/results_text.c */
    [AFP_WORDS_REASON_TOO_OLD] = "l’invitation est trop ancienne",
    [AFP_WORDS_REASON_CANDIDATE_UNKNOWN] = "AssessFirst ne connaît pas la personne",
    [AFP_WORDS_REASON_ADDRESS_UNKNOWN] =
        "AssessFirst ne connaît pas encore l’adresse de la personne",
    [AFP_WORDS_REASON_NO_SCORE] = "AssessFirst n’a pas donné de score global en un jour",
    [AFP_WORDS_REASON_DELETED] = "la candidature a été supprimée dans Pinpoint",
    [AFP_WORDS_REASON_NOTHING_TO_READ] =
        "Il n’y a pas d’invitation dont les résultats pourraient être lus",
    [AFP_WORDS_REASON_NOTHING_TO_WRITE] = "Il n’y a rien à écrire",
    [AFP_WORDS_REASON_WAITS] = "Invitation envoyée",
    [AFP_WORDS_REASON_STARTED] = "En cours %1$s/%2$s",
    [AFP_WORDS_REASON_COMPLETED] = "Terminée",
    [AFP_WORDS_REASON_DECLINED] = "Déclinée",
    [AFP_WORDS_REASON_EXPIRED] = "Expirée",
    [AFP_WORDS_REASON_FAILED] = "Échec\u00a0: %r",
    [AFP_WORDS_REASON_NO_SUCH_MODEL] =
        "le modèle prédictif de l’offre n’existe pas chez AssessFirst",

    /* custom fields: work/fields.c, work/synchronise.c */
    [AFP_WORDS_REASON_FIELD_REFUSED] =
        "Le champ personnalisé «\u00a0%1$s\u00a0» n’a pas pu être créé\u00a0: %2$r.",
    [AFP_WORDS_REASON_FIELD_OTHER_TYPE] =
        "Le champ personnalisé «\u00a0%1$s\u00a0» existe dans Pinpoint avec le type %2$s\u202f; "
        "il n’est pas modifié, il faudrait %3$s.",
    [AFP_WORDS_REASON_OPTIONS_REFUSED] =
        "Les options de «\u00a0%1$s\u00a0» n’ont pas pu être changées et restent telles "
        "quelles\u00a0: %2$r.",

    /* what an API answered: remote/ */
    [AFP_WORDS_REASON_ANSWERED] = "%1$s a répondu %2$s",
    [AFP_WORDS_REASON_ANSWERED_WORDS] = "%1$s a répondu %2$s\u00a0: %3$q",
    [AFP_WORDS_REASON_ANSWERED_REDIRECT] =
        "%1$s a répondu %2$s, une redirection, qui n’est pas suivie\u00a0: vérifiez %3$sAPI",
    [AFP_WORDS_REASON_ANSWERED_BUT] = "%1$s a répondu %2$s, mais %3$r",
    [AFP_WORDS_REASON_BUT_NO_JSON] = "pas en JSON (%q)",
    [AFP_WORDS_REASON_BUT_NO_LIST] = "pas avec une liste",
    [AFP_WORDS_REASON_BUT_NO_MODELS] = "pas avec une liste de modèles prédictifs",
    [AFP_WORDS_REASON_BUT_NO_CANDIDATES] = "pas avec une liste de personnes candidates",
    [AFP_WORDS_REASON_BUT_NO_CANDIDATE] = "avec autre chose que la personne ou une liste vide",
    [AFP_WORDS_REASON_BUT_OTHER_CANDIDATE] = "pas avec la personne demandée",
    [AFP_WORDS_REASON_BUT_OTHER_APPLICATION] = "pas avec la candidature demandée",
    [AFP_WORDS_REASON_BUT_NO_ATTRIBUTES] = "pas avec une liste d’attributs personnalisés",
    [AFP_WORDS_REASON_BUT_NO_FIELD] = "pas avec le champ personnalisé créé",
    [AFP_WORDS_REASON_BUT_LONG_LIST] = "avec une liste de plus de %s lignes",
    [AFP_WORDS_REASON_NEEDS] = "%1$r (il manque à la clé d’API\u00a0: %2$q)",
    [AFP_WORDS_REASON_NEEDS_ALL] =
        "%r (tous les appels sont refusés\u00a0: l’API de Pinpoint est-elle activée, et la clé "
        "d’API a-t-elle des autorisations\u202f?)",
    [AFP_WORDS_REASON_BUDGET] = "le quota d’appels à AssessFirst s’est épuisé pendant %q",

    /* no answer: remote/http_failure.c */
    [AFP_WORDS_REASON_UNREACHABLE] = "%1$s n’a pas pu être joint\u00a0: %2$r",
    [AFP_WORDS_REASON_NOT_PUBLIC] = "l’adresse de %s n’est pas publique",
    [AFP_WORDS_REASON_NO_NAME] = "le nom %s ne peut pas être résolu",
    [AFP_WORDS_REASON_NO_PROXY_NAME] = "le nom du proxy ne peut pas être résolu",
    [AFP_WORDS_REASON_REFUSED] = "connexion refusée",
    [AFP_WORDS_REASON_NO_ROUTE] = "aucun chemin vers l’hôte",
    [AFP_WORDS_REASON_TIMED_OUT] = "la connexion a expiré",
    [AFP_WORDS_REASON_RESET] = "connexion réinitialisée",
    [AFP_WORDS_REASON_NO_DESCRIPTOR] = "ce serveur n’a plus de descripteur de fichier",
    [AFP_WORDS_REASON_NO_CONNECTION] = "pas de connexion",
    [AFP_WORDS_REASON_NOT_WITHIN] = "pas de connexion en %s",
    [AFP_WORDS_REASON_NO_PROXY] = "pas de connexion à travers le proxy",
    [AFP_WORDS_REASON_PROXY_ANSWERED] = "le proxy a répondu %s",
    [AFP_WORDS_REASON_CERTIFICATE] = "son certificat n’est pas accepté",
    [AFP_WORDS_REASON_CERTIFICATE_WHY] = "son certificat n’est pas accepté (%q)",
    [AFP_WORDS_REASON_NO_TLS] = "pas de connexion TLS",
    [AFP_WORDS_REASON_NO_TLS_WHY] = "pas de connexion TLS (%q)",
    [AFP_WORDS_REASON_CA_FILE] = "le fichier de %sCACertificateFile n’est pas utilisable",
    [AFP_WORDS_REASON_CA_LIST] =
        "la liste des autorités de certification de ce serveur ne peut pas être lue",
    [AFP_WORDS_REASON_NO_ANSWER] = "%1$s n’a pas répondu en %2$s",
    [AFP_WORDS_REASON_NO_WHOLE_ANSWER] = "%1$s n’a pas terminé sa réponse en %2$s",
    [AFP_WORDS_REASON_STALLED] = "%s n’a pas terminé sa réponse (elle s’est interrompue)",
    [AFP_WORDS_REASON_BROKEN_OFF] = "%s a interrompu sa réponse",
    [AFP_WORDS_REASON_CLOSED] = "%s a fermé la connexion sans répondre",
    [AFP_WORDS_REASON_NO_HTTP] = "%s n’a pas répondu en HTTP",
    [AFP_WORDS_REASON_TOO_LARGE] = "%s a envoyé une réponse trop grande",
    [AFP_WORDS_REASON_NO_MEMORY] =
        "%s a envoyé une réponse pour laquelle ce serveur manque de mémoire",
};
