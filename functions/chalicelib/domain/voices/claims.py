"""Words by which a buyer would say that food cures or prevents: not forbidden to think, but not to be shown by a shop.

The twin of the first group of site/storefront/check/forbidden_words.yml, which the village's own texts are held to; a
test compares the two.
"""

CLAIMS_ZH = (
    r"治疗|治愈|根治|医治|疗效|药效|食疗|药用价值",
    r"(?:治病|防病)(?!虫)",
    r"降(?:血压|血糖|血脂|三高|胆固醇|尿酸)",
    r"抗癌|防癌|抗肿瘤|抗病毒|抗炎|消炎|抗衰|延缓衰老|延年益寿",
    r"(?:增强|提高|提升)(?:人体|身体|机体|自身)?的?(?:免疫力?|抵抗力)",
    r"补肾|壮阳|滋阴|补血|补气|益气|活血|护肝|养肝|养胃|安神|祛湿|清热解毒|养颜",
    r"排毒|瘦身|燃脂|软化血管|改善睡眠",
    r"减肥(?!减药)",
)
CLAIMS_EN = (
    r"(?:cures?|heals?|treats?|prevents?) (?:all |any |many )?(?:illness(?:es)?|diseases?|cancer|diabetes|ailments?|colds?|coughs?|fevers?|flu)",  # noqa: E501
    r"(?:cure|remedy|treatment) (?:for|of|against) (?:illness(?:es)?|diseases?|cancer|diabetes|colds?|coughs?)",
    r"(?:lower|reduce|control|regulate)(?:s|ing)? (?:your |the )?(?:blood (?:pressure|sugar|fat|lipids?)|cholesterol)",
    r"anti[- ]?(?:cancer|tumou?r|age?ing|viral|inflammatory)",
    r"(?:boost|strengthen|improve)(?:s|ing)? (?:your |the )?immun(?:e|ity)",
    r"detox(?:es|ify|ifies|ifying|ification)?|aphrodisiac|therapeutic",
    r"weight[- ]loss|lose weight|slimming|fat[- ]burning",
    r"(?:medicinal|healing) (?:effects?|properties|powers?|value)",
)
