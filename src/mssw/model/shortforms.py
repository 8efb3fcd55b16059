"""What people call each other: the short forms of first names, and first names that are spelt in several ways.

Letters only, a to z, without accents. Of two letters only those that are used as often as the name itself: Mo, Jo, Ed,
Ty. A compound first name is written as one word (Juan Carlos: juancarlos).
"""

from __future__ import annotations

from collections.abc import Iterator

# long names (one, or several that share their short forms), a colon, their short forms
_ENGLISH = """
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
    for table in (_ENGLISH, _SPANISH_AND_PORTUGUESE, _GERMAN_FRENCH_ITALIAN, _POLISH_AND_RUSSIAN, _ELSEWHERE):
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
