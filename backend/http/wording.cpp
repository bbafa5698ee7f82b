#include "http/wording.h"

namespace korrigo::http {
namespace {

struct Entry {
  std::string_view code;
  std::string_view fr;
  std::string_view en;
};

/// {} stands for the field.
constexpr Entry kEntries[] = {
    {"request.malformed", "La requête n'est pas une requête HTTP valide.", "The request is not valid HTTP."},
    {"request.header_too_large", "L'en-tête de la requête est trop long.", "The request header is too large."},
    {"request.target", "L'adresse demandée est mal formée.", "The requested address is malformed."},
    {"request.method", "Cette méthode HTTP n'est pas connue.", "This HTTP method is not known."},
    {"request.method_not_allowed", "Cette adresse n'accepte pas cette méthode.",
     "This address does not take this method."},
    {"request.not_found", "Il n'y a rien à cette adresse.", "There is nothing at this address."},
    {"request.type", "Le corps de la requête n'est pas du type attendu.",
     "The request body is not of the expected type."},
    {"request.too_large", "La requête est trop volumineuse.", "The request is too large."},
    {"request.json", "Le corps de la requête n'est pas du JSON valide.", "The request body is not valid JSON."},
    {"request.not_an_object", "Le corps de la requête doit être un objet JSON.",
     "The request body must be a JSON object."},
    {"request.form", "Le formulaire envoyé est mal formé.", "The form sent is malformed."},
    {"request.incomplete", "La requête s'est interrompue avant sa fin.", "The request ended before its end."},
    {"request.upgrade_required", "Cette adresse est celle d'une connexion WebSocket.",
     "This address is that of a WebSocket."},
    {"request.foreign_origin", "Cette page n'a pas le droit d'ouvrir cette connexion.",
     "This page may not open this connection."},
    {"server.busy", "Le serveur est trop occupé ; réessayez dans un instant.",
     "The server is too busy; try again in a moment."},
    {"server.unavailable", "Le service est momentanément indisponible.", "The service is not available at the moment."},
    {"server.error", "Une erreur interne est survenue ; donnez le numéro de la requête à l'administrateur.",
     "An internal error occurred; give the request's number to the administrator."},
    {"form.boundary", "Le formulaire n'annonce pas comment ses parties sont séparées.",
     "The form does not say how its parts are separated."},
    {"form.no_part", "Le formulaire ne contient pas le séparateur annoncé.",
     "The form does not contain the boundary it announced."},
    {"form.delimiter", "Un séparateur du formulaire est suivi d'autre chose qu'une fin de ligne.",
     "A boundary of the form is followed by something other than a line end."},
    {"form.part_header", "L'en-tête d'une partie du formulaire est mal formé ou trop long.",
     "The header of a part of the form is malformed or too long."},
    {"form.part_name", "Une partie du formulaire n'a pas de nom.", "A part of the form has no name."},
    {"form.truncated", "Le formulaire s'est interrompu avant sa fin.", "The form ended before its end."},
    {"form.field_text", "Le champ « {} » n'est pas du texte UTF-8.", "The field “{}” is not UTF-8 text."},
    {"form.file_too_large", "Le fichier du champ « {} » est trop volumineux.", "The file in “{}” is too large."},
    {"form.field_too_large", "Le champ « {} » est trop long.", "The field “{}” is too long."},
    {"form.too_many_parts", "Le formulaire a trop de parties.", "The form has too many parts."},
    {"tus.version", "Ce serveur parle la version 1.0.0 du protocole tus.",
     "This server speaks version 1.0.0 of the tus protocol."},
    {"tus.length", "Upload-Length manque ou n'est pas un nombre d'octets.",
     "Upload-Length is missing or is no number of bytes."},
    {"tus.offset", "Upload-Offset manque ou n'est pas un nombre d'octets.",
     "Upload-Offset is missing or is no number of bytes."},
    {"tus.offset_conflict", "L'envoi en est à une autre position ; demandez-la par HEAD.",
     "The upload is at another offset; ask for it with HEAD."},
    {"tus.superseded", "L'envoi a été repris par une autre connexion.",
     "The upload was taken over by another connection."},
    {"tus.metadata", "Upload-Metadata est mal formé.", "Upload-Metadata is malformed."},
    {"tus.too_large", "Le fichier annoncé est trop volumineux.", "The announced file is too large."},
    {"tus.beyond_length", "Plus d'octets sont arrivés que l'envoi n'en annonçait.",
     "More bytes came than the upload announced."},
    {"file.range", "Le fichier n'a pas les octets demandés.", "The file does not have the bytes asked for."},
};

}  // namespace

std::string own_sentence(const Error& error, Language language) {
  for (const Entry& entry : kEntries) {
    if (entry.code != error.code) continue;
    std::string sentence(language == Language::en ? entry.en : entry.fr);
    const std::size_t place = sentence.find("{}");
    if (place != std::string::npos) sentence.replace(place, 2, error.field);
    return sentence;
  }
  return {};
}

std::string sentence_of(const Request& request, const Error& error) {
  if (request.translate && *request.translate) {
    std::string translated = (*request.translate)(error, request.language);
    if (!translated.empty()) return translated;
  }
  if (!error.message.empty()) return error.message;
  std::string own = own_sentence(error, request.language);
  return own.empty() ? error.code : own;
}

}  // namespace korrigo::http
