package desk_test

// What a person reads, by language. Write a changed sentence here by hand: its
// reader is a person.
var (
	sayShuttingDown = map[string]said{
		"en": {
			"The broker ended the connection: the broker is shutting down (0x8B)",
			"Tidings tries to connect again by itself if that makes sense. Otherwise ask whoever runs the broker.",
		},
		"pt-BR": {
			"O broker encerrou a conexão: o broker está sendo desligado (0x8B)",
			"O Tidings tenta reconectar sozinho se isso fizer sentido. Caso contrário, pergunte a quem administra o broker.",
		},
		"es": {
			"El broker terminó la conexión: el broker se está apagando (0x8B)",
			"Tidings intenta reconectar por sí solo si tiene sentido. Si no, pregunte a quien administra el broker.",
		},
		"ru": {
			"Брокер завершил соединение: брокер завершает работу (0x8B)",
			"Tidings сам пытается переподключиться, если это имеет смысл. Иначе спросите того, кто управляет брокером.",
		},
	}
	sayLinkClosed = map[string]said{
		"en": {
			"The broker closed the connection without giving a reason.",
			"Tidings tries to connect again by itself.",
		},
		"pt-BR": {
			"O broker fechou a conexão sem dizer o motivo.",
			"O Tidings tenta reconectar sozinho.",
		},
		"es": {
			"El broker cerró la conexión sin dar un motivo.",
			"Tidings intenta reconectar por sí solo.",
		},
		"ru": {
			"Брокер закрыл соединение без объяснения причины.",
			"Tidings сам пытается переподключиться.",
		},
	}
	sayLinkLost = map[string]said{
		"en": {
			"The connection was lost.",
			"Tidings tries to connect again by itself. Check the network if that fails.",
		},
		"pt-BR": {
			"A conexão foi perdida.",
			"O Tidings tenta reconectar sozinho. Verifique a rede se não conseguir.",
		},
		"es": {
			"Se perdió la conexión.",
			"Tidings intenta reconectar por sí solo. Si no lo logra, revise la red.",
		},
		"ru": {
			"Соединение потеряно.",
			"Tidings сам пытается переподключиться. Если не получается, проверьте сеть.",
		},
	}
	sayWrongPassword = map[string]said{
		"en": {
			"The broker does not accept this user name or password.",
			"Type both again. Upper and lower case matter.",
		},
		"pt-BR": {
			"O broker não aceita este nome de usuário ou esta senha.",
			"Digite ambos novamente. Maiúsculas e minúsculas fazem diferença.",
		},
		"es": {
			"El broker no acepta este nombre de usuario o esta contraseña.",
			"Escriba ambos de nuevo. Las mayúsculas y minúsculas importan.",
		},
		"ru": {
			"Брокер не принимает это имя пользователя или пароль.",
			"Введите то и другое заново. Регистр букв важен.",
		},
	}
	sayNotLetIn = map[string]said{
		"en": {
			"The broker does not let this client in. Many brokers say so when the user name or the password is wrong.",
			"Check user name and password, then ask whoever runs the broker whether you may connect.",
		},
		"pt-BR": {
			"O broker não deixa este cliente entrar. Muitos brokers dizem isso quando o nome de usuário ou a senha estão errados.",
			"Confira o nome de usuário e a senha e depois pergunte a quem administra o broker se você pode se conectar.",
		},
		"es": {
			"El broker no deja entrar a este cliente. Muchos brokers lo dicen cuando el nombre de usuario o la contraseña son incorrectos.",
			"Revise el nombre de usuario y la contraseña y después pregunte a quien administra el broker si puede conectarse.",
		},
		"ru": {
			"Брокер не пускает этот клиент. Многие брокеры отвечают так при неверном имени пользователя или пароле.",
			"Проверьте имя пользователя и пароль, затем узнайте у того, кто управляет брокером, можно ли вам подключаться.",
		},
	}
	sayUnknownHost = map[string]said{
		"en": {
			"There is no computer named “broker..invalid”.",
			"Check the spelling of the host. A name in your own network may need the ending .local; an IP address always works.",
		},
		"pt-BR": {
			"Não existe computador com o nome “broker..invalid”.",
			"Confira a grafia do host. Um nome da sua própria rede pode precisar da terminação .local; um endereço IP sempre funciona.",
		},
		"es": {
			"No hay ningún equipo llamado «broker..invalid».",
			"Revise cómo está escrito el host. Un nombre de su propia red puede necesitar la terminación .local; una dirección IP siempre funciona.",
		},
		"ru": {
			"Компьютера с именем «broker..invalid» не существует.",
			"Проверьте написание имени хоста. Имени в вашей сети может не хватать окончания .local; IP-адрес работает всегда.",
		},
	}
	sayNothingListens = map[string]said{
		"en": {
			"127.0.0.1 is there, but nothing listens on port 1883.",
			"Start the broker, or check the port: 1883 is usual, 8883 with TLS.",
		},
		"pt-BR": {
			"127.0.0.1 está lá, mas nada escuta na porta 1883.",
			"Inicie o broker ou confira a porta: a usual é 1883, com TLS 8883.",
		},
		"es": {
			"127.0.0.1 está ahí, pero nada escucha en el puerto 1883.",
			"Inicie el broker o revise el puerto: el habitual es 1883, con TLS 8883.",
		},
		"ru": {
			"127.0.0.1 отвечает, но порт 1883 никто не слушает.",
			"Запустите брокер или проверьте порт: обычно 1883, с TLS — 8883.",
		},
	}
	sayVersionRefused = map[string]said{
		"en": {
			"The broker does not speak MQTT 5.",
			"Try MQTT 3.1.1, which nearly every broker speaks.",
		},
		"pt-BR": {
			"O broker não fala MQTT 5.",
			"Tente MQTT 3.1.1, que quase todo broker fala.",
		},
		"es": {
			"El broker no habla MQTT 5.",
			"Pruebe MQTT 3.1.1, que casi todos los brokers hablan.",
		},
		"ru": {
			"Брокер не поддерживает MQTT 5.",
			"Попробуйте MQTT 3.1.1: его понимает почти любой брокер.",
		},
	}
	sayClosedSilently = map[string]said{
		"en": {
			"127.0.0.1:1883 closed the connection without an answer, as some older brokers do with MQTT 5.",
			"Try MQTT 3.1.1. If that changes nothing, port 1883 may want TLS.",
		},
		"pt-BR": {
			"127.0.0.1:1883 fechou a conexão sem responder, como alguns brokers mais antigos fazem com o MQTT 5.",
			"Tente MQTT 3.1.1. Se nada mudar, a porta 1883 pode exigir TLS.",
		},
		"es": {
			"127.0.0.1:1883 cerró la conexión sin responder, como hacen algunos brokers antiguos con MQTT 5.",
			"Pruebe MQTT 3.1.1. Si nada cambia, el puerto 1883 puede exigir TLS.",
		},
		"ru": {
			"127.0.0.1:1883 закрыл соединение, не ответив: так поступают с MQTT 5 некоторые старые брокеры.",
			"Попробуйте MQTT 3.1.1. Если не поможет, порту 1883, возможно, нужен TLS.",
		},
	}
	sayTooLarge = map[string]said{
		"en": {
			"The broker announced a packet of 268.4\u00a0MB; Tidings takes 67.1\u00a0MB at most and closed the connection.",
			"Subscribe to fewer topics, so that this message is not among them, or delete it if it is retained.",
		},
		"pt-BR": {
			"O broker anunciou um pacote de 268,4\u00a0MB; o Tidings aceita no máximo 67,1\u00a0MB e fechou a conexão.",
			"Assine menos tópicos, para que esta mensagem não esteja entre eles, ou apague-a se for retida.",
		},
		"es": {
			"El broker anunció un paquete de 268,4\u00a0MB; Tidings admite 67,1\u00a0MB como máximo y cerró la conexión.",
			"Suscríbase a menos tópicos, para que este mensaje no esté entre ellos, o bórrelo si es retenido.",
		},
		"ru": {
			"Брокер объявил пакет размером 268,4\u00a0МБ; Tidings принимает не более 67,1\u00a0МБ и закрыл соединение.",
			"Подпишитесь на меньшее число топиков, чтобы этого сообщения среди них не было, или удалите его, если оно сохранённое (retained).",
		},
	}
	sayPortInUse = map[string]said{
		"en": {
			"Port 1883 is in use: another program listens on 127.0.0.1:1883.",
			"Stop the other program, which may be another MQTT broker, or choose a different port.",
		},
		"pt-BR": {
			"A porta 1883 está em uso: outro programa escuta em 127.0.0.1:1883.",
			"Pare o outro programa, que pode ser outro broker MQTT, ou escolha uma porta diferente.",
		},
		"es": {
			"El puerto 1883 está en uso: otro programa escucha en 127.0.0.1:1883.",
			"Detenga el otro programa, que puede ser otro broker MQTT, o elija un puerto distinto.",
		},
		"ru": {
			"Порт 1883 занят: на 127.0.0.1:1883 работает другая программа.",
			"Остановите другую программу (возможно, это другой брокер MQTT) или выберите другой порт.",
		},
	}
	sayNoFreePort = map[string]said{
		"en": {
			"No free port was found: other programs use every port from 1883 to 1903.",
			"Stop the other program, which may be another MQTT broker, or choose a different port.",
		},
		"pt-BR": {
			"Nenhuma porta livre: outros programas usam todas as portas de 1883 a 1903.",
			"Pare o outro programa, que pode ser outro broker MQTT, ou escolha uma porta diferente.",
		},
		"es": {
			"Ningún puerto libre: otros programas usan todos los puertos de 1883 a 1903.",
			"Detenga el otro programa, que puede ser otro broker MQTT, o elija un puerto distinto.",
		},
		"ru": {
			"Свободного порта нет: другие программы заняли все порты от 1883 до 1903.",
			"Остановите другую программу (возможно, это другой брокер MQTT) или выберите другой порт.",
		},
	}
	sayPortTaken = map[string]said{
		"en": {
			"Port 1883 was taken: using 1884.",
			"",
		},
		"pt-BR": {
			"Porta 1883 ocupada: usando 1884.",
			"",
		},
		"es": {
			"Puerto 1883 ocupado: usa 1884.",
			"",
		},
		"ru": {
			"Порт 1883 занят, выбран 1884.",
			"",
		},
	}
)
