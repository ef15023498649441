package names

import ("testing";"fmt")

func TestTry(t *testing.T) {
	e := []Entry{{1,"Kassym-Jomart Tokayev","en",0},{1,"Қасым-Жомарт Тоқаев","kk",1},{2,"Shavkat Mirziyoyev","en",0},{3,"Xi Jinping","en",0},{4,"Mohammed bin Salman","en",0},{5,"Kim Jong Un","en",0},{6,"Volodymyr Zelenskyy","en",0},{7,"Sadyr Japarov","en",0},{8,"Emomali Rahmon","en",0},{9,"Gurbanguly Berdimuhamedow","en",0},{10,"Côte d'Ivoire","fr",0},{11,"Recep Tayyip Erdoğan","tr",0},{12,"عبد الفتاح السيسي","ar",0},{13,"Narendra Modi","en",0}}
	x := Build(e)
	for _, q := range []string{"tokaev","Токаев","Тоқаев","Toqaev","mirzi","Шавкат Мирзиёев","习近平","習近平","xijinp","محمد بن سلمان","김정은","Зеленський","Zelensky","Жапаров","Zhaparov","Раҳмон","Бердымухамедов","Berdymukhamedov","cote divoire","COTE D IVOIRE","Ivoire","erdogan","Erdoghan","al-sisi","abdel fattah el-sisi","नरेन्द्र मोदी","tokayve","mirziyoyvev","Tokayev, K.","salman mohamed"} {
		fmt.Println(q, read(q,"").latin, x.Search(q,nil,3))
	}
}
