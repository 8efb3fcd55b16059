"""What children write: answers in science and maths, with places for classmates, everyday words and numbers to call.

In a sentence `{mate}` is a classmate, `{place}` a word in real ink, `{e-mail}`, `{phone}` and `{number}` what they say,
and `<will>` a decoy: an everyday word that is a name in some classes.
"""

from __future__ import annotations

import numpy as np

PLAIN = (
    "The air inside pushes on the ball and makes it heavier.",
    "I think the stick tips to the side of ball A.",
    "Air has mass because it is made of tiny particles.",
    "We cannot see it but we can feel it when the wind blows.",
    "When the hole is open the air goes out slowly.",
    "My first idea was wrong, then I measured again.",
    "The balance showed eight grams more after we pumped it up.",
    "If you take the air away the ball gets lighter.",
    "It is the same size but not the same weight.",
    "The lamp stays dark because the circuit is open.",
    "The current flows from plus to minus through the wire.",
    "Metal lets the current pass and plastic does not.",
    "A switch opens and closes the ring of wire.",
    "Two lamps in a row are not as bright as one.",
    "Three quarters is more than one half because it has one more piece.",
    "I cut the bar into eight parts and coloured five of them.",
    "You need the same kind of pieces before you can add them.",
    "Five eighths is a little more than one half.",
    "I drew a number line and counted the steps between the marks.",
    "The bottom number tells how many parts the whole has.",
    "I liked the part where the dog finds the old key.",
    "The story goes on when they cross the river at night.",
    "It surprised me that the boat was made of paper.",
    "I read two pages in the kitchen and one on the bus.",
    "The water went up because the stone took its space.",
    "Warm air goes up and cold air comes down.",
    "We saw bubbles, so something came out of the bottle.",
    "The plant near the window grew more than the other one.",
    "I do not know yet what happens at the end.",
    "First we guessed and then we tried it three times.",
    "The numbers were not the same, so we took the middle one.",
    "Someone must have moved the table while we measured.",
    "Sound is made when something shakes very fast.",
    "The shadow is long when the sun is low.",
    "Ice is lighter than water and that is why it floats.",
    "It has to do with how close the particles are.",
)

PLACES = (
    "On the map we looked for {place} and drew a line.",
    "My aunt lives in {place} and there it snows a lot.",
    "The train from {place} to {place} takes two hours.",
    "In {place} the air is thinner than here.",
    "We saw the same thing on our trip to {place} last year.",
    "The book plays in {place} near the old bridge.",
)

MATES = (
    "{mate} said that the air is gone and so it is lighter.",
    "I worked with {mate} and we got the same number.",
    "I do not agree with {mate} because the ball has a hole.",
    "My partner {mate} had another idea about the wire.",
    "First I thought like {mate} but then I saw the bubbles.",
    "We used {mate}'s way and it was much faster.",
    "{mate}'s drawing shows the particles better than mine.",
    "Then {mate} held the stick and I let the air out.",
    "Ask {mate} and me if you want to see it again.",
    "It was {mate} who found the mistake in our table.",
    "I told {mate} that three quarters is more.",
    "Like {mate} said, you need the same pieces first.",
    "In our group were {mate} and me and we took turns.",
    "We compared with {mate}, and our lines were the same.",
    "I think {mate} is right about the second lamp.",
    "At first {mate} did not want to guess.",
)

LONE_MATES = (  # where the line is short
    "with {mate}",
    "ask {mate}",
    "like {mate}",
    "{mate}'s idea",
    "{mate} and me",
)

LOWER = (
    "The gas <will> get out when you open the hole.",
    "I think that it <will> fall on the left side.",
    "It <may> be heavier because of the air in it.",
    "You <may> use water instead of sand.",
    "We put a <mark> on the line where five eighths is.",
    "Make a <mark> with your pencil before you let go.",
    "The balloon <rose> up to the roof of the gym.",
    "Inside the glass the water <rose> by two steps.",
    "I dropped a <stone> into the water and it sank.",
    "A <stone> of the same size weighs much more.",
    "The bird moves with <grace> because its bones are light.",
    "We had five minutes of <grace> to finish the table.",
)

CAPITAL = (
    "<Will> the gas get out if nobody opens it?",
    "<May> be it has to do with the wire.",
    "<Mark> the half first and then count on.",
    "<Stone> sinks and wood floats.",
    "<Will> it work with two lamps too?",
    "<May> I use the other table?",
    "<Rose> petals float for a long time.",
    "<Grace> is when you are not late yet.",
)

CALLS = {
    "e-mail": ("You can write to me at {e-mail} for more.", "Send the photo to {e-mail} please."),
    "phone": ("If you have a question call {phone} after school.", "My mom's number is {phone} if it breaks."),
    "number": ("My number in class is {number} as on the list.", "Student {number} did this page."),
}

SHORT = (
    "the mass",
    "a scale",
    "eight grams",
    "more air",
    "the ball",
    "it goes up",
    "a long wire",
    "gives power",
    "makes light",
    "in bed",
    "on the bus",
    "very funny",
    "a bit sad",
    "five eighths",
    "yes",
    "I drew it",
    "one half",
    "too short",
    "at home",
    "counted",
)

PHONES = (
    "555-{b:04d}",
    "({a}) 555-{b:04d}",
    "{a}-555-{b:04d}",
    "{a}.555.{b:04d}",
    "+1 {a} 555 {b:04d}",
    "0176 555 {b:04d}",
    "{a}555{b:04d}",
)
MAILS = (
    "starfox{n}@mail.com",
    "{first}.{last}@linden.school",
    "{first}{n}@gmail.com",
    "book_cat{n}@web.org",
    "{first}@post.net",
)


def phone(rng: np.random.Generator) -> str:
    """A number to call, in one of the ways that people write them."""
    form = PHONES[int(rng.integers(len(PHONES)))]
    return form.format(a=int(rng.integers(201, 990)), b=int(rng.integers(100, 9999)))


def e_mail(first: str, last: str, rng: np.random.Generator) -> str:
    """An address, half of the time made of a name."""
    form = MAILS[int(rng.integers(len(MAILS)))]
    return form.format(first=first, last=last, n=int(rng.integers(7, 99)))
