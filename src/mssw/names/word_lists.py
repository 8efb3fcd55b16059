"""Names that are everyday words too when they are written small, in the languages of a classroom.

Handwriting is read letter by letter, so such a word counts as a name only with a capital. The list is longer than
the audit's for typeset pages: a capital is all that is asked for here. First names that few answers hold as a word
(Victor, Nina, Mercedes) stay off it all the same, since children write their friends' names small too.

What people call each other: the short forms of first names, and first names that are spelt in several ways.

Letters only, a to z, without accents. Of two letters only those that are used as often as the name itself: Mo, Jo, Ed,
Ty. A compound first name is written as one word (Juan Carlos: juancarlos).
"""

from __future__ import annotations

from collections.abc import Iterator

from mssw.names.name_search import ORDINARY_WORDS

_PARTICLE_WORDS = """
    a af al ap av ben bin bint d da dal das de degli dei del della den der des di do dos du e el ibn la las le les li
    lo los mac mc san st ta te ten ter und van vom von y zu zum zur
"""
PARTICLES = frozenset(_PARTICLE_WORDS.split())
"""Words that join names and name nobody, as letters from a to z."""

_ENGLISH_WORDS = """
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
    ORDINARY_WORDS | PARTICLES | frozenset(f"{_ENGLISH_WORDS} {_SPANISH} {_FRENCH} {_GERMAN} {_FURTHER}".split())
) - _NAMES_FIRST
"""As letters from a to z."""


# long names (one, or several that share their short forms), a colon, their short forms
_ENGLISH_FORMS = """
    abigail: abby abbie abi gail; abraham: abe bram; adelaide adeline: addie addy adele; addison: addie addy;
    albert: bert bertie albie; alexander: alex alec lex xander sander sasha; alexandra alexandria: alex lexi lexie
    sandra sasha ali allie; alexis: alex lexi lexie; alfred: alf alfie fred; alison allison: ali allie ally; amanda:
    mandy; amelia: amy millie mia emmy; andrew: andy drew; angela angelina: angie angel; annabelle annabel: anna
    belle bella annie; anna anne ann hannah: annie; anthony: tony ant; antoinette: toni netty; arthur: art artie;
    ashley: ash; augustus august: gus augie; barbara: barb barbie babs; bartholomew: bart; beatrice beatrix: bea
    trixie; benjamin: ben benny benji benjy; bernard: bernie; bethany: beth; bradley: brad; brianna breanna: bri
    bree; bridget: bridie; brittany: britt; brooklyn: brook brooke; caleb: cal; calvin: cal; cameron: cam; caroline
    carolyn carolina: carrie caro carol carly lina; cassandra: cassie cass sandra; catherine katherine kathryn
    catharine katharine: cate cathy cat kate katie kathy kat kit kitty kay katy; cecilia: cece celia; charles:
    charlie chuck chas chip; charlotte: charlie lottie; chester: chet; christian: chris; christina christine
    kristina: chris chrissy tina christy kris kristy krissy; christopher: chris kit topher kris; clifford: cliff;
    clinton: clint; cynthia: cindy; daniel: dan danny; danielle daniela: dani danny; david: dave davey davy;
    deborah: deb debbie debby; delilah: lila; dennis: denny; dominic dominick: dom nick nico; donald: don donnie
    donny; dorothy: dot dottie dolly; douglas: doug; edgar: eddie; edmund: ned eddie; edward: ed eddie ted teddy
    ned; edwin: eddie; eleanor elanor: ellie nell nora ella nelly lenny; elizabeth elisabeth: liz lizzie beth betty
    eliza ellie libby lizzy betsy bess lisa elsie liza; elijah: eli; emily emilia: emmy millie; emmanuel immanuel:
    manny; eugene: gene; evangeline: eva evie angie; ezekiel: zeke; florence: flo; frances: fran frankie franny;
    francis: frank frankie fran; franklin: frank frankie; frederick fredrick frederic: fred freddy freddie rick;
    gabriel: gabe; gabrielle: gabby gabi elle; geoffrey: geoff; george: georgie; georgina georgia: georgie gina;
    gerald gerard: gerry jerry; gilbert: gil bert; giselle: gigi; grayson greyson: gray; gregory: greg gregg;
    gwendolyn: gwen wendy; harold: harry hal; harriet: hattie; harrison: harry; harvey: harv; helen helena: nell
    lena; henry: harry hank hal; herbert: herb bert; howard: howie; hubert: bert hugh; hugo: hugh; irving: irv;
    isaac: ike zac; isabella isabelle isabel: bella izzy belle ella izzie bell; isaiah: ike; jackson: jack jax;
    jacob: jake coby; jacqueline: jackie; james: jim jimmy jamie jem; janet janice: jan; jasmine: jazz jas jazzy;
    jason jayson: jay; jeffrey jeffery: jeff; jennifer: jen jenny jenn; jeremiah: jerry jem miah; jeremy: jerry jem;
    jerome: jerry; jessica: jess jessie; joanna joanne joann: jo jojo; johanna: jo hanna; john: johnny jack jon
    johnnie; jonathan johnathan jonathon: jon jonny nathan johnny; jordan: jordy; joseph: joe joey; josephine: jo
    josie; joshua: josh; joyce: joy; judith: judy jude; julia juliana juliet juliette: jules julie; julian: jules;
    kaitlyn caitlin katelyn caitlyn: kate katie cait kait; kassandra: kass kassie; kenneth: ken kenny; kimberly
    kimberley: kim kimmy; kingston: king; lawrence laurence: larry laurie lars; leonard: leo len lenny; leonardo:
    leo; leopold: leo; lillian lilian liliana lilliana lily: lil lilly; lincoln: linc; louis lewis: lou louie lew;
    louise louisa: lou lulu; lucille: lucy lucie; lucas: luke; lucy lucia luciana: lulu; mackenzie mckenzie: mac
    kenzie mack; madeleine madeline madelyn: maddie maddy; madison: maddie maddy; magdalena: maggie lena magda;
    makayla michaela mikayla mikaela: kayla mickey kay; malcolm: mal; margaret: maggie meg peggy marge margie greta
    rita; maria: mary; mariah: riah; marilyn: mary lyn; marion: mary; marjorie: marge margie; martha: marty mattie;
    martin: marty; mary: molly polly; matilda: tilly mattie tilda; matthew mathew: matt matty; maurice: mo;
    maximilian maxwell maximus: max; megan meghan: meg; melanie: mel; melissa: missy mel lissa; michael micheal:
    mike mikey mick mickey; michelle: shelly mimi; mildred: millie milly; miranda: randy mira; mitchell: mitch;
    mohammed mohammad muhammad mohamed muhammed mohamad mahmoud mustafa: mo; monica: mona; montgomery: monty;
    morgan: mo; nancy: nan; natalie nathalie natalia: nat; nathaniel nathanael nathan: nate nat; nicholas nicolas
    nickolas: nick nicky nico; nicole nicola nicolette: nicky nikki niki; norman: norm; oliver: ollie oli; olivia:
    liv livvy ollie livia; oscar: ozzie; oswald: ozzie; pamela: pam; patricia: pat patty trish tricia patsy;
    patrick: pat paddy; penelope: penny nell; percival: percy; peter: pete petey; peyton payton: pey; philip
    phillip: phil pip; phillipa philippa: pip pippa; priscilla: cilla; prudence: prue; quentin quinton: quin quinn;
    rachel rachael: rach; raphael rafael: raf rafe rafa; raymond: ray; rebecca rebekah: becca becky beck; reginald:
    reg reggie; richard: rich rick ricky dick richie; robert: bob bobby rob robbie bert robby; roberta: bobbie
    robbie; roderick: rod rick; rodney: rod; ronald: ron ronnie ronny; rosalind rosalyn: roz ros; rosemary: rose
    rosie romy; russell: russ rusty; ruth: ruthie; sabrina: brina; samantha: sam sammy sammie; samuel: sam sammy;
    sandra: sandy; sarah sara: sally sadie; savannah savanna: sav anna; sebastian: seb bastian baz; serena: rena;
    shannon: shan; sheldon: shelly; shirley: shirl; sidney sydney: sid syd; solomon: sol solly; sophia sofia sophie:
    soph; spencer: spence; stanley: stan; stella: ella; stephanie: steph stephie; stephen steven: steve stevie ste;
    stuart stewart: stu; susan susanna suzanne susannah: sue susie suzy suzie; tabitha: tabby; tamara: tammy;
    theodore theodor: theo ted teddy; theresa teresa therese: terry tess tessa tere; thomas: tom tommy; tiffany:
    tiff; timothy: tim timmy; tobias: toby; trevor: trev; tristan: tris; tyler tyrone tyson tyrell: ty; valentina
    valentine: val tina; valerie: val; vanessa: nessa ness; veronica: ronnie vera roni; victor: vic vick; victoria:
    vicky tori vickie vikki; vincent: vince vinny vinnie; virginia: ginny; vivian vivienne: viv; walter: walt wally;
    wesley: wes; wilfred: wilf fred; wilhelmina: mina minnie; william: will bill billy willie liam willy; winifred:
    winnie fred; woodrow: woody; xavier: xavi zavi; yvonne: evie; zachary zachariah zackary zechariah: zach zack zac
    zak
"""

_SPANISH_AND_PORTUGUESE = """
    adriana: adri nana; alberto: beto berto tito; alejandra: ale alex sandra jandra; alejandro: ale alex jandro;
    alfonso: poncho fonso alfon; alfredo: fredo fredi; alvaro: varo; andres: andy; antonio: tony tono toni toninho;
    armando: mando; arturo: turo; beatriz: bea bety betty bia; bernardo: berna nardo; carlos: carlitos charly
    charlie carlinhos; carolina: caro; catalina: cata lina; cecilia: ceci; concepcion: concha conchita; consuelo:
    chelo; cristian: cris chris; cristina: cris tina; cristobal: cris; dolores: lola; domingo: mingo; eduardo: edu
    lalo eddie duda dudu; emilio: milo; enrique: quique kike rick; ernesto: neto; esperanza: espe; esteban: este
    steve; federico: fede fico; felipe: pipe lipe; fernanda: fer nanda; fernando: fer nando; florencia: flor;
    francisca: paca paquita fran pancha; francisco: paco pancho paquito fran cisco frank chico kiko; gabriela: gaby
    gabi; gerardo: gera jerry; gilberto: beto gil; gonzalo: gonza chalo; gregorio: goyo; graciela: chela; guadalupe:
    lupe lupita; guillermina: mina; guillermo: memo guille willy; gustavo: gus tavo guga; hector: tito; humberto:
    beto; ignacio: nacho; isabel: isa chabela chavela; jaime: jimmy; javier: javi; jesus: chuy chucho; joao: jao;
    joaquin: quino joaco; jorge: jorgito; jose: pepe pepito chepe joe; josefina: fina pepa josie; juan: juanito
    johnny; juana: juanita; julieta: juli; julio: julito; leonardo: leo nardo; leticia: lety leti; lorena: lore;
    lorenzo: lencho; lourdes: lulu; luis: lucho luisito; luisa: lulu; magdalena: magda malena lena; manuel: manolo
    manu manny lolo manel; manuela: manu manoli; marcela: marce chela; marcos marco: marc; margarita: rita marga
    margo maggie; maria: mari; mariana: mari nana; maricarmen: carmen; mauricio: mau; maximiliano: maxi max;
    mercedes: meche merche; miguel: migue mike miguelito mickey; monserrat montserrat: montse; natalia: nati naty;
    nicolas: nico; octavio: tavo; pablo: pablito; patricia: paty pati; patricio: pato; paulina: pau; pedro: pedrito
    perico; rafael: rafa; ramon: moncho mon; renato: nato; ricardo: rick ricky; roberto: beto berto rob; rocio:
    chio; rodolfo: rudy fito rodo; rodrigo: rodri; rosa: rosita; rosario: charo chayo; salvador: chava sal;
    santiago: santi chago yago diego; sebastian: sebas seba; sergio: checo; sofia: sofi; socorro: coco; soledad:
    chole; susana: susi susy; teodoro: teo; teresa: tere teresita; tomas: tomy tommy; valentina: vale; valeria:
    vale; vicente: chente; victor: vic vito; victoria: vicky viki; virginia: vicky gina; ximena jimena: xime jime
    mena; yolanda: yoli yola; juancarlos: juanca; juanpablo: juampa juanpa; juanjose: juanjo; josemaria: chema;
    joseluis: pepelu; luismiguel: luismi; mariafernanda: mafer; mariajose: majo marijo; marialuisa: marilu malu;
    mariateresa: maite; mariadelcarmen: maricarmen; mariaelena: malena; mariaisabel: maribel; marcoantonio: marco;
    anamaria: anamari; anapaula: anapau
"""

_GERMAN_FRENCH_ITALIAN = """
    alessandra: ale sandra; alessandro: ale sandro; antoine: toine; antonia: toni; benedikt: ben beni; benoit: ben;
    christoph: chris stoffel; domenico: mimmo; dominik: domi nik; elisabetta: betta elisa; emmanuelle: manu;
    federica: fede; filippo: pippo; florian: flo; francesca: franci; francesco: franco cesco; francois: franck;
    franziska: franzi; friedrich: fritz fred; gabriele: gabri; georg: schorsch; giacomo: jack mino; giovanni: gianni
    vanni nino; giuseppe: beppe peppe pino; gottfried: friedel; johannes johann: hannes hans; heinrich: heiner
    heinz; ilaria: ila; jeanne: jeannette; josef: sepp jupp; joachim: jochen achim; karl: kalle; katharina: kathi
    kati katja; konstantin: kosta; leonie: leo; lorenzo: renzo; ludwig: lutz; maximilian: maxi; michele: miki;
    mathieu matthieu: mat; matthias mathias: matze matti; nikolaus: klaus niko; philippe: phil; raffaele: lello;
    sebastian: basti; stephane stefan stephan: steff stef; stefano: ste; susanne: susi sanne; theophile: theo;
    therese: resi; ulrich: uli; ulrike: uli; valentin: val; veronika: vroni; vincenzo: enzo vince; wilhelm: willi
    willy; wolfgang: wolf
"""

_POLISH_AND_RUSSIAN = """
    agnieszka: aga; aleksander aleksandr alexandr: olek sasha alex sascha; aleksandra: ola sasha alex; aleksei
    alexei aleksey alexey: alyosha lyosha alex; anastasia anastasiya: nastya stacy ana stasia; andrzej: jedrek;
    anna: anya ania asia anka; barbara: basia; bartosz bartlomiej: bartek; dariya daria darya: dasha; dmitri dmitry
    dmytro dimitri: dima mitya; ekaterina yekaterina kateryna: katya kate; elena yelena olena: lena alyona;
    elzbieta: ela; evgeny yevgeny evgeniy evgenia: zhenya; grzegorz: grzes; irina iryna: ira; ivan: vanya; jakub:
    kuba; jan: janek jas; joanna: asia; katarzyna: kasia; krzysztof: krzys; magdalena: magda; malgorzata: gosia;
    mariya: masha; mikhail mykhailo: misha; mikolaj: miki; natalia natalya nataliya: natasha; nikolai nikolay:
    kolya; olga: olya; pavel: pasha; piotr: piotrek; sergei sergey: seryozha; stanislaw stanislav: stas staszek;
    svetlana: sveta lana; tatiana tatyana: tanya; tomasz: tomek; viktoria viktoriya: vika; vladimir volodymyr: vova
    vlad volodya; vladislav vladyslav: vlad vladik; wojciech: wojtek; yulia yuliya iuliia: yulya; yuri yury: yura;
    zuzanna: zuzia; zofia: zosia
"""

_ELSEWHERE = """
    abdullah abdallah: abdul; abdulrahman abdurrahman: abdul; fatima fatimah fatma: fati; ibrahim: ibra ibby;
    mehmet: memo; nasser: nas; oluwaseun: seun; oluwatobi: tobi; temitope: temi tope; olumide: olu; ayodele: ayo
    dele; chukwuemeka: emeka; nnamdi: namdi; kwabena: kobby; suleiman sulaiman: sully; yasmin yasmine: yas; yousef
    yusuf youssef yousuf: yus joe; zainab zaynab: zee; siddharth siddhartha: sid; aniruddha: ani; rajesh rajiv
    rajendra: raj; vikram: vik; aishwarya: aish; aditya: adi; harpreet: harry; manpreet: mani; kamalani: lani;
    leilani: lani
"""

# names that are mistaken for each other on paper
_SPELT_OTHERWISE = """
    aaliyah aliyah alia aleah; adrian adrien; aidan aiden ayden; alan allan allen; alison allison alyson; alicia
    alisha elisha; ana anna; andrea andria; ann anne; anthony antony; ashley ashleigh ashlee; brian bryan; brianna
    breanna briana; brittany britney brittney; caitlin kaitlyn katelyn caitlyn kaitlin; carl karl; carlos karlos;
    carmen karmen; catherine katherine kathryn katharine; chloe khloe; christian cristian kristian; christina
    kristina cristina; christine kristine; claire clare; conner connor conor; cristal crystal krystal; damian
    damien; deborah debra; diana dianna; dominic dominick dominik; elena elaina alaina; eliana elliana; elijah
    elias; elizabeth elisabeth; eliot elliot elliott; emily emilie emely; eric erik erick; erica erika; esteban
    estevan; frederick fredrick frederic; gabriela gabriella; geoffrey jeffrey jeffery; grayson greyson; hailey
    haley hayley haylee; hannah hanna; haydn hayden; henry henri; isaac isaak; isabel isabelle izabel; isabella
    izabella; isaiah isiah; ismael ismail; izaiah isaiah; jackson jaxon; jacob jakob; jaden jayden jaiden; jasmin
    jasmine yasmin yazmin; jeremiah jeremia; jimena ximena; john jon; jonathan johnathan jonathon; jordan jordyn;
    josef joseph; julia giulia; justin justyn; kaden caden; kayla kaila; kelly kelley kellie; kristin kristen
    kirsten; leah lea lia; lewis louis luis; lily lilly; lillian lilian; lindsay lindsey; logan logen; lucas lukas;
    mackenzie mckenzie makenzie; madeline madeleine madelyn; makayla mikayla michaela mikaela; marc mark; mason
    mayson; mathew matthew; megan meghan meagan; mia miah; michael micheal; michele michelle; mohammed mohammad
    muhammad mohamed muhammed mohamad; natalie nathalie nataly; nicolas nicholas nickolas; noe noah; nicole nichole;
    payton peyton; philip phillip; rachel rachael raquel; rebecca rebekah; reed reid; riley rylee reilly; robin
    robyn; ruben reuben; ryan rian; samantha samanta; sara sarah; savannah savanna; sean shawn shaun; sofia sophia;
    sofie sophie; stefan stephan; stefanie stephanie; stephen steven; stewart stuart; sydney sidney; teresa theresa;
    thomas tomas; tracy tracey; valentin valentine; victor viktor; victoria viktoria; vivian vivien vivienne; xavier
    javier; yousef yusuf youssef yousuf; zachary zackary; zoe zoey
"""


def other_forms(name: str) -> tuple[str, ...]:
    """What else the bearer of a first name may be called.

    The short forms of a long name; the long names that a short one stands for, but not what else these are
    shortened to; and other ways of spelling it. Each once, in alphabetical order.

    Args:
        name: its letters from a to z.

    >>> other_forms("bill")
    ('william',)
    """
    return _OTHER_FORMS.get(name, ())


def _pairs() -> Iterator[tuple[str, str]]:
    for table in (_ENGLISH_FORMS, _SPANISH_AND_PORTUGUESE, _GERMAN_FRENCH_ITALIAN, _POLISH_AND_RUSSIAN, _ELSEWHERE):
        for entry in table.split(";"):
            longs, _, shorts = entry.partition(":")
            yield from ((long, short) for long in longs.split() for short in shorts.split())
    for group in _SPELT_OTHERWISE.split(";"):
        names = group.split()
        yield from ((one, other) for one in names for other in names)


def _both_ways() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for one, other in _pairs():
        if one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {name: tuple(sorted(others)) for name, others in found.items()}


_OTHER_FORMS = _both_ways()
