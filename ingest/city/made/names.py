"""Names of the lesser streets: people of the country, and numbered streets of the microdistrict they lie in."""

import random
from collections import Counter

from ingest.city.made.plan import MICRODISTRICTS
from layers.values import Title

_PEOPLE = """
Айманов Айманова Aimanov; Әбдіров Абдирова Abdirov; Әділов Адилова Adilov; Айтбаев Айтбаева Aitbayev;
Ақанов Аканова Aqanov; Аманжолов Аманжолова Amanjolov; Арғынбаев Аргынбаева Argynbayev; Әшімов Ашимова Ashimov;
Бақтыгереев Бактыгереева Baqtygereyev; Бегалин Бегалина Begalin; Бейсебаев Бейсебаева Beisebayev;
Бекхожин Бекхожина Bekkhojin; Брусиловский Брусиловского Brusilovsky; Вавилов Вавилова Vavilov;
Ғабдуллин Габдуллина Gabdullin; Ғафуров Гафурова Gafurov; Глинка Глинки Glinka; Грибоедов Грибоедова Griboyedov;
Дәуленов Дауленова Daulenov; Ермеков Ермекова Yermekov; Есенов Есенова Yesenov; Ерубаев Ерубаева Yerubayev;
Жандарбеков Жандарбекова Jandarbekov; Жарылғасов Жарылгасова Jarylgasov; Жұмабаев Жумабаева Jumabayev;
Жолдасбеков Жолдасбекова Joldasbekov; Зенков Зенкова Zenkov; Ибраимов Ибраимова Ibraimov; Исаев Исаева Isayev;
Қажыбеков Кажыбекова Qajybekov; Қарасай Карасая Qarasai; Кәрімов Каримова Karimov; Кенесары Кенесары Kenesary;
Кербұлақов Кербулакова Kerbulaqov; Клочков Клочкова Klochkov; Қожамқұлов Кожамкулова Qojamqulov;
Құлымбетов Кулымбетова Qulymbetov; Күләш Күләш Kulash; Лермонтов Лермонтова Lermontov;
Ломоносов Ломоносова Lomonosov; Маметова Маметовой Mametova; Марғұлан Маргулана Margulan;
Менделеев Менделеева Mendeleyev; Мирзоян Мирзояна Mirzoyan; Мұқанов Муканова Muqanov;
Мұратбаев Муратбаева Muratbayev; Мүсірепов Мусрепова Musirepov; Навои Навои Navoi; Некрасов Некрасова Nekrasov;
Нұрпейісов Нурпеисова Nurpeiisov; Огарев Огарева Ogaryov; Ораз Ораза Oraz; Орманов Орманова Ormanov;
Павлов Павлова Pavlov; Пирогов Пирогова Pirogov; Попов Попова Popov; Радостовец Радостовца Radostovets;
Репин Репина Repin; Сағатов Сагатова Sagatov; Салқынбаев Салкынбаева Salqynbayev; Сац Сац Sats;
Сұлтанов Султанова Sultanov; Сығай Сыгая Sygai; Тажибаева Тажибаевой Tajibayeva; Тайманов Тайманова Taimanov;
Тілендиев Тлендиева Tlendiyev; Тоқаш Токаша Toqash; Толстой Толстого Tolstoy; Торайғыров Торайгырова Toraigyrov;
Тургенев Тургенева Turgenev; Тұрысбеков Турысбекова Turysbekov; Тәжібаев Тажибаева Tajibayev;
Уәлиев Уалиева Waliyev; Фадеев Фадеева Fadeyev; Хамиди Хамиди Khamidi; Хусаинов Хусаинова Khusainov;
Чайковский Чайковского Tchaikovsky; Чехов Чехова Chekhov; Чокин Чокина Chokin; Шәкәрім Шакарима Shakarim;
Шәріпов Шарипова Sharipov; Шишкин Шишкина Shishkin; Щепкин Щепкина Shchepkin; Ыбырай Ыбырая Ybyrai;
Юнусов Юнусова Yunusov
"""


class StreetNames:
    """Gives one name after the other: a person's while they last, then the next number of the microdistrict."""

    def __init__(self, seed: int) -> None:
        """Shuffle the people by the seed."""
        rows = (entry.split() for entry in _PEOPLE.replace("\n", " ").split(";"))
        self._people = [Title(kk=f"{kk} көшесі", ru=f"улица {ru}", en=f"{en} Street") for kk, ru, en in rows]
        random.Random(f"{seed}/names").shuffle(self._people)
        self._numbers = Counter[str]()

    def person(self) -> Title | None:
        """Return the next person's street, None when all have one."""
        return self._people.pop() if self._people else None

    def numbered(self, lon: float, lat: float) -> Title:
        """Return the next numbered street of the microdistrict nearest to a place."""
        kk, ru, en, _, _ = min(MICRODISTRICTS, key=lambda m: ((m[3] - lon) * 0.73) ** 2 + (m[4] - lat) ** 2)
        self._numbers[en] += 1
        n = self._numbers[en]
        return Title(kk=f"{kk} {n}-көшесі", ru=f"{ru}, {n}-я улица", en=f"{en} Street {n}")
