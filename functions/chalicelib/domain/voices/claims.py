"""Words by which a buyer would say that food cures or prevents: not forbidden to think, but not to be shown by a shop.

The site holds the village's own texts to the same words (forbidden_words.yml there has the reason and the remedy). Each
entry is a family of words, as a small regular expression without captures, for a plain text in lower case; ILLNESS
stands for any of the illnesses. Those are people's: 病 by itself is also what a cabbage may have. Keep families narrow:
tests/site/check/claims.yml has sentences to measure a change by, for what it finds and what it finds wrongly.
"""

# ruff: noqa: E501 - a family stays on one line

ILLNESS_ZH = (
    r"疾病|百病|慢性病|胃病|肠胃病|心脏病|冠心病|糖尿病|肾病|肝病|肺病|妇科病|妇女病|皮肤病|关节病|眼病|牙病|老年病|富贵病|心脑血管|高血压|高血脂|高血糖|三高|"
    r"冠心|中风|脑梗|心梗|血栓|癌|肿瘤|瘤|肌瘤|结节|胃炎|肠炎|肝炎|鼻炎|咽炎|肺炎|关节炎|炎症|感冒|流感|发烧|咳嗽|止咳|哮喘|"
    r"气喘|痛风|风湿|关节|骨痛|便秘|失眠|多梦|腹泻|拉肚子|贫血|头痛|头疼|头晕|腰痛|腰疼|腿疼|胃痛|胃疼|胃酸|嗓子疼|溃疡|口臭|口腔溃疡|"
    r"脱发|白发|近视|老花|白内障|痴呆|抑郁|焦虑|湿疹|痔疮|积食|消化不良|厌食|亚健康|鼻塞|过劳|上火|前列腺|阳痿|早泄|痛经|宫寒|更年期|甲亢|"
    r"结石|骨质疏松|骨质增生|颈椎|腰椎|脂肪肝|酒精肝|肥胖|水肿|疲劳|皱纹|色斑|雀斑|性功能障碍|不孕|老寒腿|脚气|"
    r"起夜|夜尿|尿频|耳鸣|盗汗|抽筋|麻木|反酸|胀气|手脚冰凉|幽门螺杆菌"
)
ILLNESS_EN = (
    r"illness(?:es)?|diseases?|(?:heart|liver|kidney|lung|skin) diseases?|ailments?|cancers?|tumou?rs?|cancer cells|diabetes|strokes?|colds?|coughs?|fevers?|flu|sore throats?|asthma|arthritis|rheumatism|gout|(?:joint|back|"
    r"stomach|muscle|chest) pains?|headaches?|migraines?|insomnia|constipation|diarrhoea|diarrhea|ulcers?|(?:stomach|mouth) ulcers?|gastritis|inflammation|infections?|high blood pressure|hypertension|high cholesterol|depression|anxiety|fatigue|obesity|infertility|impotence|"
    r"alzheimer(?:'s)?|dementia|osteoporosis|an(?:a)?emia|eczema|hangovers?"
)
"""The illnesses of people, as they stand in the words below."""
CLAIMS_ZH = tuple(
    words.replace("ILLNESS", ILLNESS_ZH)
    for words in (
        r"治疗(?!师|室)|治愈|根治(?!理)|根除|医治|疗效|药效|食疗|药用(?:价值|功效)|疗程|药到病除|奇效|神效|特效(?!药)|神药|灵丹|妙药|良药(?!苦口)",
        r"(?:预防|防治|防止|治疗|治好|治愈|主治|专治|医治|医好|根除|根治|抑制|杀死|杀灭|清除|消灭|消除|缓解|减轻|改善|调理|调节|告别|远离|赶走|摆脱|杜绝|克服|对付|抵抗|对抗|击退|逆转|降低|减少)[一-鿿]{0,6}?(?:ILLNESS)",
        r"(?:治|医|防|抗|祛|克|止)(?:好|疗|了|过|各种|多种|一切|所有|百|老|慢性|多年的?|顽固的?|小儿|孩子的?|产后|的){0,3}(?:ILLNESS)",
        r"(?:治|医|防)(?:好|了|的|过|百|万|千|大|小|老|各种|多种|多年的?|什么|任何|一切|所有|那|这|个|慢性|疑难|杂|顽固的?){0,4}病(?!虫|害|株|叶|果|苗|树|菌|毒|救人)",
        r"(?:ILLNESS)(?:(?:患者|病人|人群|的人|的)?的?(?:福音|克星|救星|杀手|首选|必备)|(?:也|就|都|全|通通|再也|从此){0,2}(?:好了|没了|没有了|治好|断根|除根|痊愈|变少|变淡|消失|不见|不犯|不再犯|跑光|消了|不找)|[一-鿿]{0,8}?就(?:见?好|没事)(?!好|像|是|吃|做))",
        r"(?:ILLNESS)(?:细胞|病毒|细菌)?(?:都|也|就|全|见了|通通){0,2}(?:绕着?走|绕道走?|躲着走|不找上门|退散|不敢来|让路|死光|饿死)",
        r"(?:ILLNESS)[，,][一-鿿]{0,10}?(?:[一两二三几半]|十来)(?:个)?(?:天|周|星期|月|次|顿|碗|片)就(?:见?好|没事|不疼|不犯)",
        r"(?:三高|高血压|高血脂|高血糖|糖尿病|痛风|脂肪肝|癌症|糖尿)(?:的)?(?:人群|患者|病人|病号|朋友|老人|人)(?:也|都|就|可以|能|最|更|特别){0,3}(?:放心|安心|随便|适合|首选|能)(?:地)?(?:吃|喝|食用|饮用)?(?!少)",
        r"(?:糖友|痛友|肾友|肝友)们?的?(?:福音|救星|救命|首选|必备|放心|最爱|专用)|(?:吃|喝)(?:了|完|过)(?:再也|再|就|也|都)?(?:不|少)(?:再|会|容易)?(?:感冒|生病|咳嗽|发烧|便秘|失眠|积食)",
        r"血糖(?:也|都|就)?不(?:升|高|飙|涨)|(?:让|使|帮)[一-鿿]{0,6}年轻(?:了)?[一二三四五六七八九十两几\d]+岁|血管[一-鿿]{0,3}年轻",
        r"(?:修复|修护|滋养|呵护|养护|再生|激活)[一-鿿]{0,4}?(?:黏膜|粘膜|肠道|细胞|神经|软骨|肝脏|肾脏|心脏|肠胃|脾胃|卵巢|骨骼)",
        r"(?:比|像|堪比|胜过|赛过|顶得上|当)[一-鿿]{0,4}?(?:阿司匹林|头孢|抗生素|青霉素|消炎药|止痛药|感冒药|降压药|伟哥|胰岛素)",
        r"抗过敏|止痒|(?:解|醒)酒(?!器)|疑难杂症|偏方|(?:术|病|产)后(?:康复|恢复|调养|调理|进补)|(?:放|化)疗|白发[一-鿿]{0,3}?(?:变|转)黑",
        r"(?:提高|提升|增强|改善|促进)[一-鿿]{0,4}?(?:精子|性欲|激素|荷尔蒙|排卵)|(?:癌细胞|肿瘤|癌症|结节|病毒)君?(?:最|都|也|很)?(?:害怕|怕)",
        r"(?:不再|再也不|从此不|从此没有?)(?:ILLNESS)|后遗症|血管[一-鿿]{0,3}?(?:垃圾|堵|通畅|干净)|湿气[一-鿿]{0,2}?(?:赶走|排走|排出|没了)|(?:改善|增强|促进)[一-鿿]{0,2}?肠道",
        r"毒素[一-鿿]{0,3}?(?:带走|排走|排光|排空|清空|清走|跑光|没了|扫光)|(?:带走|扫走|冲走|赶走|刮走)[一-鿿]{0,4}?(?:毒素|湿气|寒气)",
        r"(?:血压|血糖|血脂|三高|胆固醇|尿酸)[一-鿿]{0,4}?(?:降下来|下来|降了|正常了|平稳了?|稳了|稳住)",
        r"对(?:身体|肝脏?|肾脏?|心脏|胃|肠胃|脾胃|肺|眼睛|视力|血管|皮肤|大脑|关节|骨骼|睡眠)[一-鿿]{0,3}?(?:好处|保护|帮助|有益|修复|滋养|改善|(?:很|特别|非常|真)好)",
        r"对(?:ILLNESS)[一-鿿]{0,4}(?:有效|有用|有帮助|有好处|管用|效果)",
        r"(?:少|不)生病(?!的)|百病不侵|百病全消",
        r"(?:降低?|稳定|平稳|平衡|控制|调节|调整|改善|稳)(?:人体|身体|体内|你的|您的|餐后|辅助)?的?(?:血压|血糖|血脂|血黏度|三高|胆固醇|尿酸|甘油三酯|转氨酶)(?!的(?:人|朋友|病人|患者|老人)|者|人群)",
        r"降(?:血压|血糖|血脂)|降(?:脂|糖)(?!份|量)|降压(?=降|茶|作用|功效|效果|养|护)|返老还童|延寿",
        r"抗癌|防癌|抗肿瘤|抗病毒(?!的)|抗炎|消炎|抗衰|抗老(?!化)|抗皱|抗疲劳|抗辐射|抗氧化(?!剂)|抗抑郁|耐缺氧|延缓衰老|延年益寿|长生不老|长命百岁",
        r"(?:增强|提高|提升|增加|加强|改善|激活|促进|调节)[一-鿿]{0,6}?(?:免疫力?|抵抗力|记忆力?|性功能|性能力|视力|睡眠|微循环|血液循环|内分泌|骨密度|智力|新陈代谢|肠胃功能|肠胃|体质(?!的))",
        r"(?:强|护|保|养|清|补|润|滋|健|固|暖|温|疏|平)(?:肝|肾|胆|脾|肺)|补(?:脑|精|钙(?!肥)|血|元气)|大补(?!丸)|补气(?!孔|阀|站|筒)|壮阳|滋阴|益气|益智(?!玩|游)|固本|健胃|健脑|强筋|强身健体|润肠|护胃|护心|护眼|养(?:颜|胃|血|心安)",
        r"安神|活血|活络|通经|通络|散瘀|化瘀|化痰|止咳|平喘|止痛|镇痛|消肿|祛湿|祛风|除湿[气毒]|清热解毒|清热去火|去火|降火|降燥|败火|解毒|利尿|通便|助消化|促消化|帮助消化|恢复元气",
        r"美容(?!院|店|师)|美白|祛斑|淡斑|祛痘|嫩肤|丰胸|乌发|防脱发?|驻颜|越吃越(?:年轻|瘦|漂亮|美)",
        r"(?<![说证声表标指写注文申聪])明目(?!张|标|的|前|录|光)",
        r"排毒|瘦身|燃脂|减脂|刮油|排油|掉秤|改善睡眠|减肥(?!减药|增效)|吃不胖|吃不胖|不长肉|月瘦|(?:变|躺|暴)瘦|瘦(?:了)?[\d一二三四五六七八九十]+斤|(?:燃烧|分解|代谢)[一-鿿]{0,3}脂肪",
        r"(?:排|清|解)(?:出|除|掉|走)?(?:体内|身体|肠道|肝脏)?的?(?:毒素|宿便)",
        r"(?:清|通|软化|保护|净化|疏通|清理|清洁|打通)[一-鿿]{0,4}?血管|血管清道夫|净化血液",
        r"(?:代替|替代|取代|胜过|赛过|胜似)[一-鿿]{0,3}药(?!农|材|田|店)|(?:不用|不必|免|告别)吃药|停药",
        r"保健(?:作用|功效|功能|效果|价值|品级)|(?:的|其|神奇|独特|多种|养生)功效",
        r"(?:腰|腿|头|胃|背|肩|关节|膝盖)(?:也|就|都)?不(?:酸|疼|痛|晕|胀)(?:了|，|,|腿|腰|$)",
        r"(?:吃|喝)(?:出|得|了)?[一-鿿]{0,3}?(?:免疫力|聪明|变白|变美|不生病|长寿|出健康)",
        r"(?:促进|帮助|助|让)[一-鿿]{0,4}?(?:长高|增高|发育)",
        r"(?:[一二三四五六七八九十两几\d]+(?:天|周|星期|个?月|次|顿)|当天|当晚|快速|立刻|马上|立竿见影)(?:就|即|可)?见效",
    )
)
CLAIMS_EN = tuple(
    words.replace("ILLNESS", ILLNESS_EN)
    for words in (
        r"(?:revers(?:es?|ed|ing)|takes? away|gets? rid of|banish(?:es|ed)?|sooth(?:es?|ed|ing)) (?:[a-z']+ ){0,2}?(?:ILLNESS)|revers(?:es?|ing) (?:the )?ag(?:e)?ing",
        r"(?:safe|good|great|suitable|ideal|perfect|recommended|right) for (?:people|those|anyone|everyone|patients) (?:with|who have|suffering from) (?:ILLNESS)|(?:safe|good|suitable|ideal) for diabetics",
        r"(?:clear|clean|unclog)(?:s|es|ing)? (?:your |the )?(?:arteries|blood vessels|veins)|helps? you (?:to )?(?:fall asleep|sleep)|(?:must|must-have|blessing|godsend) for (?:anyone|people|those|everyone) (?:with|who ha(?:s|ve)|who suffers? from) (?:ILLNESS)",
        r"keeps? (?:the |your )?doctors? away|helps? (?:you )?(?:with|against) (?:your |the )?(?:ILLNESS)",
        r"(?:rebuild|repair|regenerat|restor)(?:e?s|e|ing)? (?:your |the |damaged |worn ){0,2}(?:cartilage|joints|liver|gut|nerves|cells|stomach lining|mucosa)",
        r"(?:drives?|expels?|chases?) (?:out )?(?:the )?(?:cold|damp|heat|wind)(?: and (?:the )?(?:damp|cold|heat|wind))? (?:from|out of) (?:the|your) body",
        r"keeps? (?:your |the )?(?:blood (?:sugar|pressure|fat|lipids?)|cholesterol) (?:down|low|steady|stable|in check|under control|normal)",
        r"(?:natural|nature's(?: own)?|herbal) (?:antibiotics?|painkillers?|medicines?|remed(?:y|ies)|cures?|insulin|pharmacy)",
        r"(?:flush|clear|remov|eliminat|expel|wash|draw)(?:e?s|es|e|ing)? (?:out |away )?(?:[a-z]+ ){0,3}?toxins|rids? (?:[a-z]+ ){1,2}of toxins|cleans(?:es?|ing) (?:your |the )?(?:body|liver|blood|colon|gut)",
        r"(?:cur(?:es?|ed|ing)|heal(?:s|ed|ing)?|treat(?:s|ed|ing)?|prevent(?:s|ed|ing)?|fight(?:s|ing)?|reliev(?:es?|ed|ing)|eas(?:es|ing)|combat(?:s|ing)?|eliminat(?:es?|ing)|kills?|wards? off|protects? (?:you )?(?:against|from)) (?:[a-z']+,? ){0,3}?(?:ILLNESS)",
        r"(?:cure|remedy|treatment|medicine|good|great|relief|(?<!need )(?<!needs )protection) (?:for|of|against|from) (?:preventing |treating |your |the |a |all |any |every ){0,2}(?:ILLNESS)",
        r"(?:ILLNESS) (?:(?:is|are|will be) (?:gone|cured|healed|history)|disappears?|vanish(?:es)?|goes? away)",
        r"(?:lower|reduce|control|regulate|balance|stabili[sz]e)(?:s|ing)? (?:your |the |high )*(?:blood (?:pressure|sugar|fat|lipids?)|cholesterol)",
        r"(?:reduc|lower)(?:es?|ing|s) (?:the |your )?risk of|(?:say )?goodbye to (?:your )?(?:ILLNESS)|good for (?:your|the) (?:heart|liver|kidneys?|lungs?|eyes?|brain|skin|blood|bones?|joints?|stomach|health)",
        r"anti[- ]?(?:cancer|tumou?r|age?ing|viral|inflammatory|fatigue)",
        r"(?:boost|strengthen|improve|support|enhance)(?:s|ing)? (?:your |the |human )?(?:immun(?:e|ity)|memory|eyesight|sleep|digestion|circulation|metabolism|libido|fertility)",
        r"detox(?:es|ify|ifies|ifying|ification)?|aphrodisiac|therapeutic|clinically (?:proven|tested)",
        r"weight[- ]loss|lose weight|slimming|(?:burn|melt)(?:s|ing)? (?:belly |body |your )*fat|fat[- ]burning",
        r"(?:medicinal|healing|health[- ]giving) (?:effects?|properties|powers?|value|benefits?)",
        r"(?:alternative|substitute) (?:to|for) (?:your |any )?(?:medicines?|medication|drugs|pills)|instead of (?:your )?(?:medicines?|medication|pills)",
        r"(?:superfood|sharpens? the eyes|makes? you (?:look )?younger|slows? ag(?:e)?ing)",
    )
)
