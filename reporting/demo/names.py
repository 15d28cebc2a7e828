"""First names and family names, put together by the dice: nobody in particular."""


def _words(text):
    return text.split()


WOMEN = _words("""
Aïcha Alice Amina Anaïs Anne-Laure Assia Awa Béatrice Camille Carmen Cécile Chloé Christelle Corinne
Delphine Dounia Élodie Emma Estelle Fanta Farida Fatoumata Florence Gaëlle Hanane Hélène Inès Ioana Jade
Jamila Jeanne Josiane Karine Khadija Laetitia Leïla Linh Louise Lucie Magali Malika Maria Marion Mariam
Maryse Mélanie Mireille Myriam Nadège Naïma Nathalie Nora Océane Odile Oumou Patricia Rachida Rebecca
Sabrina Safia Samira Sandrine Sarah Solène Sophie Svetlana Tatiana Teresa Valérie Véronique Yasmine Zohra
""")
MEN = _words("""
Abdel Adama Adrien Ahmed Alain Alexandre Ali Amadou Anthony Antoine Ayoub Bakary Benoît Bilal Boris Cédric
Christophe Damien Daniel David Didier Dimitri Djibril Driss Eddy Élie Enzo Éric Fabien Farid Florian Franck
Gabriel Georges Gilles Goran Grégory Guillaume Hamid Henri Ibrahim Idriss Ismaël Jean-Marc Jérémy Jonathan
Jordan Karim Kévin Khaled Kylian Laurent Loïc Lucas Ludovic Mamadou Marc Mathieu Mehdi Michel Minh Mohamed
Moussa Nabil Nicolas Olivier Omar Pascal Patrice Paulo Rachid Raphaël Rémi Robert Salim Samuel Sébastien
Sofiane Stéphane Thierry Tony Vasile Vincent Walid Yanis Youssef Yvan
""")
FAMILIES = _words("""
Abadie Achour Agostini Alvarez Amrani Arnoux Astier Aubanel Bagnol Bakari Barthélemy Bastide Belhadj Benali
Benichou Bensaïd Bérenger Bianchi Blanchard Bonnafé Boulanger Bourdelot Boutaleb Brémond Cabassut Camara
Cardoso Castagne Cauvin Chaïb Chevrier Ciccone Colombier Costa Coulibaly Daumas Delmas Derbal Diagne Diallo
Djebbar Dos-Santos Doucet Drame Dupuis Escoffier Espinosa Estève Fabre-Lucq Farès Faucon Ferrand Ferreira
Fontanieu Gaillard Garance Garcin Gasquet Gherbi Giordano Giraudet Gomis Gonfaron Grimaud Guédira Guérin
Haddou Hamdi Hernando Isnard Jaubert Jourdan Kaci Kante Keïta Khelifi Lambertin Lanfranchi Laugier Lefort
Lombard Loureiro Louati Maillet Mansouri Marcillat Marotte Martel Masclet Mebarki Mendes Mercadal Mistral
Moreno-Diaz Moulin N’Diaye Nguyen-Van Nowak Ouali Oukacha Paoletti Pascalis Pellegrin Peretti Petrescu
Pinatel Ponsard Popescu Quenot Rambert Rascol Raynaud Ricard-Blanc Rivoire Roche-Brune Rousset Sabatier
Sagna Saïdi Salomon Santini Sauvaire Savournin Sicard Silvestre Samakelli Tardieu Tavares Teyssier Tissot
Toumi Tounkarel Trabelsi Valette Vasseur Verdier Vidal-Roux Vilanova Yilmaz Zaoui Zerrouki
""")
STREETS = _words("""
Lilas Amandiers Cigales Micocouliers Oliviers Restanques Genêts Lavandes Pins Tamaris Bergers Potiers
Tisserands Jardins Sources Remparts Alouettes Mûriers Romarins Tilleuls
""")
