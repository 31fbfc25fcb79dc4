package config

import ("testing";"context";"fmt";"rollcall/connectors";"encoding/json")

func TestFirst(t *testing.T) {
	reg := connectors.Registry{{Name:"files",Settings:[]connectors.Setting{{Name:"path",Required:true,List:true}},New: func(connectors.Environment, connectors.Settings)(connectors.Source,error){return nil,nil}}}
	j,err:=Load(context.Background(),"testdata/country/job.yaml",reg)
	if err!=nil{ fmt.Println(err); t.Fail(); return}
	d,_:=json.MarshalIndent(j,""," ")
	fmt.Println(string(d))
}
