"""Names that are everyday words too when they are written small, in the languages of a classroom.

Handwriting is read letter by letter, so such a word counts as a name only with a capital. The list is longer than
the audit's for typeset pages: a capital is all that is asked for here. First names that few answers hold as a word
(Victor, Nina, Mercedes) stay off it all the same, since children write their friends' names small too.
"""

from __future__ import annotations

from mssw.model.ordinarywords import ORDINARY_WORDS

_PARTICLE_WORDS = """
    a af al ap av ben bin bint d da dal das de degli dei del della den der des di do dos du e el ibn la las le les li
    lo los mac mc san st ta te ten ter und van vom von y zu zum zur
"""
PARTICLES = frozenset(_PARTICLE_WORDS.split())
"""Words that join names and name nobody, as letters from a to z."""

_ENGLISH = """
    abbey abbot ace acre adder aim air al alder ale algebra alley amber amble amigo amity angel anger angle ant ante
    apollo apple apt arch archer area ash asp aspen aurora axis axle azure babe baby bacon bail baker bale balm ban
    banana band bang bangs banner bar barb barber bard bare bark barker barley barn baron barrow base bass baste bat
    bath bead beam beard beat beau beaver bed bee beech beer bells belt ben bend bender beret berg bias bike birch
    bishop bit bite bitter blade bland blank blaze blew block blood bloom blossom bluff blunt bo boar board boat bob
    body bog boil bold bolt bond bone bonnet book boom boon boot booth border born boss boulder bound bout bow bowl
    bowling bowman box boy brace bracken brag braid brain brake bran brand brass brave bravo bray breach bread break
    breeder breeze brew brewer brick bride brier brim brine brink brisk broad broker bronze brook brooks broom
    bruise brute buck buckle bucks bud buddy buffalo bull bullock bump bun bunch bunker bunny burden burger burn
    burns burr burrow burst bus butcher butler butte butter button buyer buzz bye cab cable calf candle cane cannon
    cant canyon cap card care carp carpenter cart carter carver cask castle cat caterpillar cave cedar cell chain
    chamber chambers champ champion chancellor chapel chapman char charity charm chat cherish chew child chip clay
    clever click cline close clover coach coal coast cob coke cold colt comb combs come comfort comma company con
    cone cool coon cooper copper coral cord core cork corn corner cosine cost cotton couch count court cousin cove
    cover cow craft crane craven craw cream crisp crook crop cross crouch crow crown crystal cube cup curl curry cut
    cutter dab daily daisy dale dam dame dance dare dark darling dart dash date dawn dean dear deb deck deep deer
    degree dell delta den density derby destiny dew dial digit dill dim dime din dip divide doc doctor dodge dole
    doll dolphin dom don done dot double dove down downs drake dream dry duck duke dung dunk dusty dutch dyer eagle
    earl ease easter easy ebony echo ed eden edge egg elder ember emerald end english equal eve even ever evergreen
    ewe eye factor fair falcon fall fan fancy fare farm farmer fast fat favor fawn feather fern ferry fig fin finch
    fine fire fisher fist fix flag flame flash fleet fletcher flint flood floor flora flower flowers fly fog fold
    folk force fort fortune forum foster fowl fowler fraction frame franc free freed freeman french fresh fry full
    fuller funk gable gain gale gall gamble game gamma garb garden garland garnet gas gay gear gem gene general
    genesis gent gentle gentry gibbons giles gill gin ginger given glade glory glove glover goat god going golden
    goldfish goodman gore grade graft grain gram grand granny graph grass grave gravel graves gravity gravy greek
    greenwood griffin grim grimes grit groom gross grove grow guard guest gull gum gunner gust gut guy hack hail
    hale half ham hammer happy hard hare harm harmony harp harper harsh hart harvest hash hat haven hawk hay hays
    hazel heart heat heath heaven heavy held helium helm help hen herald herb herd hero herring hertz hex hick hide
    hilly hint hip hog hold holder hole hollow holly holy hone honey honor hood hook hop horn horse hose host how
    hub hue hug hull hum humble hung hunter hurt ice imam indigo infant ink iris iron island ivory ivy jack jacket
    jade jam jar jasper jay jean jet jewel jig job joint jolly joule journey jump junior justice keen keep kelvin
    kick kid kind kingdom kiss kit kite kitten knife knight knot know known lace lack lad lady lam lamp lance lang
    laptop large lark lash last lawn lawyer lay laze lazy lea lead lean leap lear learn leave leek leg legend lemon
    lens less lest lever liar liberty life lilac lily limb lime link lion lip list lit liter live living lock loft
    log lone longer look loop loose lord lose lost lot lotus loud loyal luck lucky lung lush lyric mace mad magic
    magnet magnolia maid mail malice mall malt mane mango manly manner manning manor maple marble margin marina
    marine market marks marsh marshal mart marvel mash mason mass mast master mat mate math matter maximum maze mead
    meadow meadows mean means measure median meek mellow melon memory mend mercer mercury mercy merit merry mess
    meter mice middle might mild milk miller mime mind mine miner mink mint minus mist mix mo mock mode mol mold
    mole moment money monk monster moody moor moral morrow moss motto mountain mouse mud mull muse music must myth
    nail narrow nation nature near neat neck need neon nest net never new newton nice nickel night nine nod noel
    none noon nor norm nose notch novel now nun nurse nut oak oaks oat odd off ohm oil olive only opal open orange
    orbit orchard organ osprey otter out oval over owl own ox pack packer pad pain paint pair pal pale pall palm
    palmer pan panda pansy panther paper parade pardon parent parish parson partner party pascal pass past pastor
    patch path patience pause pay peach peacock pear pearl pebble peck peek peer peg pen peony percent perch peri
    perk pet petal petty pi pick pie piece pier pigeon pike pilgrim pill pine pink pint pip pipe piper pit pitch
    pitcher plain plane planet plank plant plate play please plum plume plus poem poet pole polite pollard polo pond
    pony pool pop pope poplar poppy porch pork port porter post pot potter pound pour powder power powers pray
    precious present press presto pride priest prim prime prince princess print prior prism proctor promise proof
    proper proud pry puck pull pump pure purple purse push quail queen quick quiet quill quince rabbit race radium
    radius rage rainbow raja ram ramp ran ranch range ranger rash rat rate ratio ravel raven raw razor reach ready
    real reason reed reef reeves regal reign rein remedy remember rent rest reverence rex riddle ride rider right
    ring ringer ripe ripple rise rive roach road roan roast rob robe robin rod rode rogue roll roman romance romp
    roof rook roost rope roper rosemary rosy rot rough round rover row rowan royal ruby rude rug rule ruler run rune
    russet rust rusty rut rye sack sad saddle saffron saga sage sail saint sal sale sales salmon same sandal sandy
    sane sang sap sapphire sash saturn savage save saw sawyer say scale scarlet school science scout seal season
    seat seed self sell senior sense serene sergeant set seven sever shade shadow shaft shake shallow shape share
    sharper shaw sheep shell shepherd shield shields shine ship shirt shock shoe shoemaker shop shrub shy sick
    sierra sigma sign silence silk simple sincere singer single sink sip sir sire sister six skinner slack slate
    slaughter slay sleek slim sling slope slow sly smart smile smoke snail snap snipe soap sock soft sol soldier
    sole solid solo song sonny soon sorrow sorry soul sound soup sow space spade spark sparks sparrow spear spears
    speed spell sphere spice spider spike spire spirit spoon sport spot springer sprout spruce spur square squire
    stack stage stair stale stalk stall stamp stand standard stanza staple starch stark start state station stay
    stead steal steel steep stem step sterling stern stew steward stick still stitch stock stoke stoker stokes stony
    stool stop store storey story stout strand strange straw stream strength strike stump sturdy style such suede
    sugar suit sum summers sunny sunset sunshine super sure swallow swan swat sweat sweep sweeten sweets swell swift
    swim swing sword tab table tack tai tail tailor tale tall tan tank tap tar target tart taste tate tax tea tear
    temper temple ten tender tent term terrace test thane thatcher them theme then theory theta thick thin thing
    think this thorn thrasher three thrift thrush thunder tide tie tiff tiger tile till timber tin tip titan
    titanium title tone top topaz total tower town toy track trail train trainer travel treasure treat trick trim
    trinity trip troll troop trout trucks truly trust truth tub tuck tucker tulip tuna tune turf turk turner tutor
    twin twine two ty tyke umber under union unit unity upright usher vail vale valiant valley value van vane vat
    vault vector veil velvet verity verse vertex very vest vicar victory view vine violet violin virgin virtue vista
    voice volt volume wade wage wagon wait waiter wake walk walker wallop waltz wand ward ware warm warmer warrior
    wash wasp water waters watt watts wave wax way weary weather weaver web weed week weeks weigh weld well wells
    welsh wester wet whale wharf wheat wheel wheeler when whisper whit why wick wide wild wilder willing willow
    willows wills wimp win wind window windy wine wing winner wins wire wish wit witch witness woman wonder wont
    wool word worker worm wort worth wren wright xenon yang yard yell yellow yen yes yogi zeal zen zephyr zero zest
    zinc
"""

_SPANISH = """
    abril acero aguado agudo aguila alamo alcalde aldea alegre alegria aleman alta alto amable ambar amiga amor
    ancho anillo anta arco arena arenas arroyo arte asta baca barba barbero barca barco barranco barrera barrio
    barrios bastida batalla becerra bello bendito bien bienvenido blanco borde borrego botella brava bruja buena
    bueno buey caballero cabello cabeza cabezas cabo cabrera cadena calle calvo calzada camara camino caminos
    campana campo campos cano canto cantor carino carnero carrasco carrera carrillo carro casa casado casas castano
    castilla castillo celeste centeno cereza cerezo cerro chica chico ciego cielo cita clara claro clavel colina
    color copa cordero corona coronado coronel corral correa cortes corto costa crespo crisol cristal cruces cruz
    cuadrado cuello cuenca cuervo cuesta cueva cuevas dato delgado dia diamante dos dulce duque duran duro edad ese
    espada espejo espina espinosa esta este feliz fiel fierro fina flor flores florida franco fuente fuentes fuerte
    gallardo gallego gallo garra gato gordo gracia gracias granado grande granja guapo guardia guerra guerrero
    hermosa herrera herrero hidalgo hierro hoyos huerta hurtado iglesia iglesias infante isla jara jardin jazmin
    jurado justo lago laguna leal ley libertad libre liebre lima limon lindo lirio lobo loma lucero luna luz macho
    madera maestro mal manso manzano mar margarita mariscal mas mata mayo mayor menor mercado merced mesa mesas meta
    mil milagro mio moda molina molino montana monte montes mora morado morales mota mundo muro muy nada naranja
    naranjo navarro negro nevado nieto nieve nino nogal novia novio nube nuevo oliva olivo olmo oro ortiga oso otero
    palacio palacios palma palmas palomo para pardo pared paredes parra parte pascua pato paz pena pera peral piedra
    pino pinos pinto plata playa plaza poblado por portillo pozo prado prieto prima primo puente puerta puerto puga
    quintero quinto rama ramos rana recio redondo rey reyes ribera rico rincon rio rios rivas rivera roble robles
    roca rocha rocio rojas rojo rojos romero rosa rosal rosas rubia rubio rueda ruina sabio sala salado salas
    salinas salud salva salvo sano santa santo sastre seda segura seguro seis ser sereno serrano sin sola solano
    soldado soler soto suave sur tela tierra toda todo toro toros torre torres tres trigo una uno uva vaca vacas
    valle valles vara vega vela ver verano verdad verde vez vida viejo viento villa virgen viva vivo voz zorro zurdo
"""

_FRENCH = """
    abbe agneau amie amour ange argent aube avril bas beaux bel berger bergere bijou bis blanc blanche blonde
    blondel bois boisson bon bonne bouche boucher boulanger bourgeois bouvier bras brun brune caille carpentier
    carre cerise chambre champs chapelle charbonnier charpentier chevalier chevre clair clef clerc cloche cochon
    coeur collet comte coq corbeau cordier cote couture couturier croix cuisinier dauphin demi desir dieu dore droit
    duc eau ecuyer ete etoile faucon faux fer feu fevrier fidele fleche fleur fleurs fontaine forestier fournier
    frere froid gaillard garde gentil grandes gras gris gros guerre guide herbe heureux hiver huit ile jaune jeune
    joli jolie jour juge juillet juin juste lac laine lait laitier lange laurier leger loi loup lune magasin maire
    maison maitre marais marchand mardi mare marechal marin marron mars matin mauve menu mer mercier merle meunier
    miel mois monde mont montagne montagnes moreau moulin mur neuf neveu noir noire nord nouveau nuit ouest paille
    paix pape parfait paris pelletier pere perle perrier petit petite peu pied pierre pierres pin poire poirier
    poisson pomme pommier pont porte portier potier poulain poule pre premier prudent prune puits quartier reine
    renard riche rien riviere roc roche rocher roi romain rond rosier rouge roux roy rue sable salle sans sapin
    sauvage seigneur sel serre signe soleil sou soulier sourd tailleur tanneur temps tendre terre thym tisserand
    tonnelier tonnerre tour tournier tout tranchant trois vache vaillant vallee vallet vasseur veau vent verdier
    verger vert verte vieux vigne vigneron ville villier vin viole violette voisin volant vrai
"""

_GERMAN = """
    alt ast auch bach bader bald bauer baum becher becker beil bernstein bier bild binder birke bischof blau blume
    blumen bock boden bogen bohne braun braut brei breit brot bruch bruder brunnen buch buche bunt burg busch christ
    degen dorn dreher drei dunkel ecke ehre eich eiche eis eisen engel ente erde esel essig eule falk falke fass
    faust feder fein feld fels fest feuer fink finster fisch fischer fleisch flink fluss forst franke frei freitag
    freund frisch froh fuchs fuhrmann fuss gabel gang gans garten gast geiger geist gelb gerber gern graben graf
    grau grob gruber gruen grun haar haas hafer hahn halb hals hase haus hecht heil heim heiss hell hemd herbst herr
    herz heu himmel hirsch hirt hoch hof hohl holz honig hund hut igel jaeger jager jung kaiser kalb kalt kamm kanne
    katz katze kaufmann keil keller kern kessel kiefer kirche kirsch klar klee klein klug knapp koch koenig kohl
    kohler konig kopf korb korn kraft kran kranz kraus kreis kreuz krieger krone krug kuchen kugel kuh kurz lage
    lamm lauter leder lehrer leicht licht lieb liebe linde linden loch mai mann markt mauer maurer maus mehl meister
    mensch messer metzger mittag mohr mond montag morgen mueller muller mut nacht nadel nagel nass nebel neu nuss
    ochs ost pabst papst pfeffer pfeifer pfeil pilz platz probst rabe rad rasch rau reich reif reis reiter richter
    rind ritter rosen rost roth ruhe rund sanft sauber sauer schaefer schaf schafer scharf schatz schenk schild
    schilling schlosser schmal schmied schnee schneider schnell schon schreiber schreiner schumacher schuster schutz
    schwan schwarz segel seide seiler sommer sonne sonntag spatz specht speck spiegel spiel spitz stahl stamm stein
    steiner stier stolz storch strauss strom stumpf sturm suss tag tau taub taube teich teufel tier tisch tod toll
    trommel trost uhr ulme vogel vogt voll wagen wald wasser weber wein weise weiss welle wetter wirt witz wolke
    wunder wurm wurst wust zahn zaun zeit ziegler ziel zimmer zucker zug zwei zweig
"""

# Portuguese, Italian, and short syllables of Vietnamese and Chinese names
_FURTHER = """
    aguiar allegra alva amico anjos antico argento asa bao barros bassi basso battaglia bene bianchi bianco bocca
    bosco branco buono canale cao capelli cara carneiro carvalho casella castello chaves chiaro chiesa cho coelho
    conte cortese corvo croce cunha dang dao dede dolce dono estrela faria farias felice ferrara ferro figueira
    fiore fontana fonte fontes forte fortuna fosse franca frutos gatto gentile giallo giglio giusto grasso grosso
    guerreiro hai han hang hao hoa hong lai lan lao leao leite lien longo lupo machado maia manca mao marinho mela
    mele miele moneta mong morais moro moura nam nero neves nga nobre nogueira noor oliveira orso padre palla pedra
    penha phi piano piazza pinheiro pinho pomares pombo ponte porto pozzo prata prato preto quan rainha re ribeiro
    ricco romano rosso rua russo said salam salgado sarto sera serra shi shu sinh stelle tam tang tao testa thai
    than thang the thi thu ton tong tri tung valente vento viale vita vong wan wang wu yin ying zucca
"""

_NAMES_FIRST = frozenset({"ben"})  # a particle in some names, but far more often a boy

EVERYDAY_WORDS = (
    ORDINARY_WORDS | PARTICLES | frozenset(f"{_ENGLISH} {_SPANISH} {_FRENCH} {_GERMAN} {_FURTHER}".split())
) - _NAMES_FIRST
"""As letters from a to z."""
