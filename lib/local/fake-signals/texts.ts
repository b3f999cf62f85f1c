/** The languages leads write in. */
export const LANGUAGES = ['en', 'pt', 'es', 'de'] as const;

/** One of the languages leads write in. */
export type Language = (typeof LANGUAGES)[number];

type Texts = readonly [string, ...string[]];

/** The documented example of a keyword; it matches the sample rules. */
export const FIRST_MATCH_TEXT = "I'm ready to order!";

/** What a lead writes who wants to buy. Some look like it and are not: "just testing". */
export const KEYWORD_TEXTS: Readonly<Record<Language, Texts>> = {
  en: [
    FIRST_MATCH_TEXT,
    'I’m ready to order',
    'ok I am ready to order two of them',
    "just testing, I'm ready to order",
  ],
  pt: ['quero comprar', 'Quero comprar agora, por favor', 'Oi! QUERO COMPRAR 🛒'],
  es: ['Estoy listo para pedir', 'estoy listo para pedir, gracias'],
  de: ['Ich möchte bestellen', 'Ich bin bereit zu bestellen'],
};

/** What leads write otherwise. */
export const CHATTER: Readonly<Record<Language, Texts>> = {
  en: [
    'Hi, I saw your ad',
    'Is this still available?',
    'What are your opening hours?',
    'Do you ship to Austria?',
    'Thanks, let me think about it',
    'How much is the large one?',
    '👍',
  ],
  pt: [
    'Oi, vi o anúncio de vocês',
    'Qual é o preço?',
    'Vocês entregam em Recife?',
    'Obrigada, vou pensar',
    'Tem na cor azul? São para amanhã',
  ],
  es: [
    'Hola, vi su anuncio',
    '¿Cuánto cuesta?',
    '¿Hacen envíos a Sevilla?',
    'Gracias, lo pienso',
    '¿Lo tienen en talla mediana?',
  ],
  de: [
    'Hallo, ich habe Ihre Anzeige gesehen',
    'Was kostet das?',
    'Liefern Sie auch nach Köln?',
    'Danke, ich überlege es mir',
    'Gibt es das auch in Größe M?',
  ],
};

/** Titles of quick-reply buttons. */
export const BUTTONS: Readonly<Record<Language, Texts>> = {
  en: ['Talk to an agent', 'See prices', 'Not now'],
  pt: ['Falar com atendente', 'Ver preços', 'Agora não'],
  es: ['Hablar con un agente', 'Ver precios', 'Ahora no'],
  de: ['Mit Berater sprechen', 'Preise ansehen', 'Jetzt nicht'],
};

/** Titles of list options. */
export const LIST_OPTIONS: Readonly<Record<Language, Texts>> = {
  en: ['Running shoes', 'Jackets', 'Opening hours'],
  pt: ['Tênis', 'Jaquetas', 'Horário'],
  es: ['Zapatillas', 'Chaquetas', 'Horario'],
  de: ['Laufschuhe', 'Jacken', 'Öffnungszeiten'],
};
